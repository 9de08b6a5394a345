#!/usr/bin/env python3
"""inputs.py FOLDER: makes the larger inputs of the tests; the same bytes each time."""

import pathlib
import random
import subprocess
import sys

OPERATORS = ["+", "-", "*", "^", "&", "|"]


def statement(numbers: random.Random) -> str:
    a, b, c = (numbers.choice("abcd") for _ in range(3))
    operator, constant = numbers.choice(OPERATORS), numbers.randrange(1, 1000)
    return numbers.choice(
        [
            f"    {a} = {b} {operator} {c} + {constant};",
            f"    if ({a} > {b}) {c} {operator}= {constant};",
            f"    for (int i = 0; i < {constant % 7 + 2}; ++i) {a} = {a} * 3 + table[(unsigned)({b} + i) % 64];",
            f"    table[(unsigned)({a}) % 64] = {b} {operator} {c};",
            f"    switch ({a} & 3) {{ case 0: {b} += {constant}; break; case 1: {c} ^= {b}; break; default: --{a}; }}",
        ]
    )


def c_source(functions: int) -> str:
    numbers = random.Random(functions)
    lines = ["static int table[64];", "int start(int a) { return a * 31; }"]
    for number in range(functions):
        lines += [f"int function_{number}(int a, int b) {{", "    int c = a - b, d = start(a);"]
        lines += [statement(numbers) for _ in range(numbers.randrange(6, 18))]
        called = f"function_{numbers.randrange(number)}(c, d)" if number else "start(d)"
        lines += [f"    return a + b + {called};", "}", ""]
    return "\n".join(lines)


def sql(rows: int) -> str:
    numbers = random.Random(rows)
    lines = [
        "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, town INTEGER, age INTEGER);",
        "CREATE TABLE town (id INTEGER PRIMARY KEY, name TEXT);",
        "BEGIN;",
        *[f"INSERT INTO town VALUES ({town}, 'town {town * 7919 % 1000}');" for town in range(200)],
    ]
    for row in range(rows):
        town, age = numbers.randrange(200), numbers.randrange(100)
        lines.append(f"INSERT INTO person VALUES ({row}, 'person {numbers.randrange(10**6)}', {town}, {age});")
    lines += [
        "COMMIT;",
        "CREATE INDEX by_town ON person (town, age);",
        "SELECT town.name, count(*), avg(age) FROM person JOIN town ON town.id = person.town"
        " GROUP BY town.name ORDER BY 2 DESC, 1 LIMIT 20;",
        "SELECT count(*) FROM person a JOIN person b ON a.town = b.town AND a.age = b.age WHERE a.id < b.id;",
        "SELECT substr(name, 8, 2) AS digits, sum(age) FROM person GROUP BY digits ORDER BY digits LIMIT 20;",
        "UPDATE person SET age = age + 1 WHERE name LIKE '%7%';",
        "DELETE FROM person WHERE age > 90;",
        "SELECT count(*), sum(age), max(name) FROM person;",
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    (folder / "compiled.c").write_text(c_source(60))
    (folder / "archived.c").write_text(c_source(1600))
    (folder / "rows.sql").write_text(sql(25000))


if __name__ == "__main__":
    main()
