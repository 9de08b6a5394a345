"""The results as a table of text."""

from results import NATIVE, RINGER, TCG, Results, Verdict, judge, times
from suite import Group, Test


def seconds(value: float | None) -> str:
    if value is None:
        return ""
    for scale, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs"), (1e9, "ns")):
        if value * scale >= 0.9995:
            break
    return f"{value * scale:.3g} {unit}"


def cell(results: Results, monitor: str, other: str, test: Test) -> str:
    """The ratio; without one to tell, that the test failed, or that the CPU cannot run it."""
    ratio = results.ratio(monitor, other, test)
    if ratio is not None:
        return times(ratio)
    if results.failure(monitor, test):
        return "FAILED"
    return ""


def row(results: Results, test: Test) -> list[str]:
    native = seconds(results.seconds(NATIVE, test)) or ("FAILED" if results.failure(NATIVE, test) else "")
    others = [cell(results, monitor, NATIVE, test) for monitor in results.monitors() if monitor != NATIVE]
    if results.seconds(NATIVE, test) is None:
        # Without a native time, such as for the boot, the times themselves.
        others = [
            seconds(results.seconds(monitor, test)) or cell(results, monitor, NATIVE, test)
            for monitor in results.monitors()
            if monitor != NATIVE
        ]
    return [test.name, native, *others, times(results.ratio(TCG, RINGER, test))]


def headings(results: Results) -> list[str]:
    names = {TCG: "TCG / native", RINGER: "Ringer / native"}
    others = [names.get(monitor, f"{monitor} / native") for monitor in results.monitors() if monitor != NATIVE]
    return ["test", "native", *others, "Ringer faster than TCG by"]


def mean_row(results: Results, group: Group) -> list[str]:
    others = [times(results.mean(monitor, NATIVE, group)) for monitor in results.monitors() if monitor != NATIVE]
    return ["geometric mean", "", *others, times(results.mean(TCG, RINGER, group))]


def aligned(table: list[list[str]]) -> list[str]:
    """The first column to the left, the numbers to the right."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in table
    ]


def word(verdict: Verdict) -> str:
    return {True: "met", False: "NOT MET", None: "not measured"}[verdict.reached]


def verdict_rows(results: Results, groups: list[Group]) -> list[list[str]]:
    return [[verdict.what, verdict.wanted, verdict.measured, word(verdict)] for verdict in judge(results, groups)]


def failures(results: Results, groups: list[Group]) -> list[str]:
    return [
        f"{test.path} under {monitor}: {why}"
        for group in groups
        for test in group.tests
        for monitor in results.monitors()
        if (why := results.failure(monitor, test))
    ]


def text(results: Results, groups: list[Group]) -> str:
    table, lines = [headings(results)], []
    for group in groups:
        table += [[group.title, *[""] * (len(table[0]) - 1)], *[row(results, test) for test in group.tests]]
        if len(group.tests) > 1:
            table.append(mean_row(results, group))
    indented = [["  " + line[0] if line[1:] != [""] * len(line[1:]) else line[0], *line[1:]] for line in table]
    lines += aligned(indented)
    lines += ["", *aligned([["wanted of Ringer's translator", "", "measured", ""], *verdict_rows(results, groups)])]
    failed = failures(results, groups)
    return "\n".join(lines + (["", "failed:", *failed] if failed else []))
