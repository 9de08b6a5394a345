"""The results as a page of the documentation."""

import report
import suite
from results import NATIVE, RINGER, TCG, Results, judge, times
from suite import Group

METHOD = """
Every monitor boots Debian's unmodified cloud kernel with one CPU and `mitigations=off`, and runs the same programs as the
host does: static ones of `bench/guest`, and those of Debian's packages, from one tree, by the scripts of
`bench/programs`. A test does a fixed amount of work and prints a checksum of its result; a result that differs from the
native one counts as a failure, and so does a monitor that ends or hangs. The time is taken outside of the guest, by the
lines on its console, from the driver's answer to a test that is ready to the test's end; the console's own half a
millisecond or so is not subtracted. All are up at once and take turns from round to round, so that what else the host
does falls on all alike. Of each boot the fastest round counts, and of the boots the median. `openssl` works for a second
and is measured by how much it did; `7z-benchmark` is taken by its own rating, and with it the guest's clock is trusted.

Memory beyond the guest's is what ringer tells by `--stats`: the peak of its resident memory, less what the guest touched
of its own.
""".strip()

REPEAT = """
    make bench                            # installs what is missing, builds, measures, and writes this page
    bench/run --only integer --repeat 1   # one group; also GROUP/TEST, and patterns with * and ?
    bench/run --list                      # the tests
    bench/run --with interpreter --with bochs

The figures of all rounds are in `build/bench/results.json`.
""".strip("\n")


def table(rows: list[list[str]]) -> list[str]:
    """The first row is the headings; all columns but the first are numbers."""
    rule = ["---", *["---:"] * (len(rows[0]) - 1)]
    return ["| " + " | ".join(cell.strip() or " " for cell in row) + " |" for row in [rows[0], rule, *rows[1:]]]


def machine(circumstances: dict) -> str:
    family, model = circumstances["cpu_family_and_model"]
    kind = "virtual machine" if circumstances["virtual"] else "machine"
    return (
        f"Measured on {circumstances['date']}, on a {kind} with {circumstances['cpus']} CPUs of the type"
        f" {circumstances['cpu']} (family {family}, model {model}), {circumstances['memory_gib']} GiB of memory and"
        f" Linux {circumstances['kernel']}. The load average at the start was {circumstances['load_average']:.1f}."
    )


def conclusion(results: Results, groups: list[Group]) -> str:
    """What the figures come to, in words."""
    tests = [test for group in groups if group.name not in (suite.BOOT, suite.BOOT_32) for test in group.tests]
    ratios = {test: ratio for test in tests if (ratio := results.ratio(TCG, RINGER, test)) is not None}
    verdicts = [verdict for verdict in judge(results, groups) if verdict.reached is not None]
    if not ratios:
        return "TCG and Ringer were not both measured."
    ahead = sum(ratio > 1 for ratio in ratios.values())
    best, worst = max(ratios, key=ratios.get), min(ratios, key=ratios.get)
    means = [
        f"{group.title}: {times(results.mean(RINGER, NATIVE, group))} the native time"
        for group in groups
        if results.mean(RINGER, NATIVE, group) is not None
    ]
    return (
        f"Ringer's translator is faster than TCG in {ahead} of {len(ratios)} tests: most in `{best.path}`"
        f" ({times(ratios[best])} as fast), least in `{worst.path}` ({times(ratios[worst])}). By geometric means it takes,"
        f" {'; '.join(means)}. Of {len(verdicts)} things that are wanted of it,"
        f" {sum(verdict.reached for verdict in verdicts)} are met."
    )


def group_table(results: Results, group: Group) -> list[str]:
    rows = [report.headings(results), *[report.row(results, test) for test in group.tests]]
    if len(group.tests) > 1:
        rows.append([f"**{cell}**" if cell else "" for cell in report.mean_row(results, group)])
    for row, test in zip(rows[1:], group.tests):
        row[0] = f"`{test.name}`"
    return table(rows)


def group_section(results: Results, group: Group) -> list[str]:
    meanings = [f"- `{test.name}`: {test.meaning}" for test in group.tests]
    section = [f"### {group.title}", "", *group_table(results, group), "", *meanings, ""]
    if group.name != suite.PROGRAMS:
        return section
    first = group_table(results.first_rounds(), group)
    return [*section, "The first round alone, in which a program's code is new to the monitor:", "", *first, ""]


def page(results: Results, groups: list[Group], circumstances: dict, repeat: int, rounds: int, own_rounds: int) -> str:
    failed = report.failures(results, groups)
    verdicts = [["wanted of Ringer's translator", "", "measured", ""], *report.verdict_rows(results, groups)]
    lines = [
        "# Performance",
        "",
        "Written by `make bench`; do not edit.",
        "",
        machine(circumstances),
        f"Boots of each monitor: {repeat}; rounds of each test in a boot: {rounds}, and {own_rounds} of our own tests.",
        "",
        conclusion(results, groups),
        "",
        "![Time of each test under TCG and Ringer, in times native](performance.svg)",
        "",
        *table(verdicts),
        "",
        *(["Failed:", "", *[f"- {line}" for line in failed], ""] if failed else []),
        "## Each test",
        "",
        *[line for group in groups for line in group_section(results, group)],
        "## How it is measured",
        "",
        METHOD,
        "",
        *[f"- `{name}`: {version}" for name, version in circumstances["versions"].items()],
        "",
        "To repeat it:",
        "",
        REPEAT,
        "",
    ]
    return "\n".join(lines)
