"""What was measured, and what it comes to: medians, ratios, geometric means, and whether they are what is wanted."""

import statistics
from dataclasses import dataclass, field, replace

import suite
from suite import Group, Test

NATIVE, TCG, RINGER = "native", "tcg", "ringer"


@dataclass
class Results:
    """Rounds in seconds by monitor, test and run; checksums and failures by monitor and test."""

    rounds: dict[str, dict[str, list[list[float]]]] = field(default_factory=dict)
    checksums: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    failures: dict[str, dict[str, str]] = field(default_factory=dict)
    memory: dict[str, dict[str, int]] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)

    def begin_run(self, monitor: str) -> None:
        self.runs[monitor] = self.runs.get(monitor, 0) + 1

    def add_round(self, monitor: str, test: Test, seconds: float, checksum: str) -> None:
        runs = self.rounds.setdefault(monitor, {}).setdefault(test.path, [])
        number = self.runs.get(monitor, 1)
        while len(runs) < number:
            runs.append([])
        runs[-1].append(seconds)
        self.checksums.setdefault(monitor, {}).setdefault(test.path, set()).add(checksum)

    def fail(self, monitor: str, test: Test, why: str) -> None:
        self.failures.setdefault(monitor, {}).setdefault(test.path, why)

    def add_memory(self, monitor: str, group: str, size: int) -> None:
        of = self.memory.setdefault(monitor, {})
        of[group] = max(size, of.get(group, 0))

    def monitors(self) -> list[str]:
        return list(self.runs)

    def failure(self, monitor: str, test: Test) -> str | None:
        """Why there is no result, or none to be trusted: all rounds of all monitors must have one checksum."""
        told = self.failures.get(monitor, {}).get(test.path)
        if told:
            return told
        mine = self.checksums.get(monitor, {}).get(test.path, set())
        right = self.checksums.get(NATIVE, {}).get(test.path) or self.checksums.get(TCG, {}).get(test.path) or mine
        return f"wrong result: {', '.join(sorted(mine))}, not {', '.join(sorted(right))}" if mine - right else None

    def seconds(self, monitor: str, test: Test) -> float | None:
        """The median over the runs of each run's fastest round."""
        runs = [min(run) for run in self.rounds.get(monitor, {}).get(test.path, []) if run]
        return statistics.median(runs) if runs and not self.failure(monitor, test) else None

    def first_rounds(self) -> "Results":
        """These alone: for a monitor that translates, the code of a test is new in them."""
        firsts = {
            monitor: {path: [run[:1] for run in runs] for path, runs in tests.items()}
            for monitor, tests in self.rounds.items()
        }
        return replace(self, rounds=firsts)

    def ratio(self, monitor: str, other: str, test: Test) -> float | None:
        mine, theirs = self.seconds(monitor, test), self.seconds(other, test)
        return mine / theirs if mine is not None and theirs else None

    def mean(self, monitor: str, other: str, group: Group) -> float | None:
        ratios = [ratio for test in group.tests if (ratio := self.ratio(monitor, other, test)) is not None]
        return statistics.geometric_mean(ratios) if ratios else None


@dataclass(frozen=True)
class Verdict:
    """One thing that is wanted, and whether it was reached; `reached` is None when it was not measured."""

    what: str
    wanted: str
    measured: str
    reached: bool | None


def times(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}x" if value >= 9.95 else f"{value:.2f}x"


def at_most(what: str, value: float | None, limit: float) -> Verdict:
    return Verdict(what, f"at most {limit:g}x native", times(value), None if value is None else value <= limit)


def faster(what: str, value: float | None, limit: float) -> Verdict:
    wanted = f"{limit:g}x faster than TCG" if limit > 1 else "not slower than TCG"
    return Verdict(what, wanted, times(value), None if value is None else value >= limit)


def slowest(results: Results, group: Group) -> Verdict:
    ratios = {test: ratio for test in group.tests if (ratio := results.ratio(TCG, RINGER, test)) is not None}
    worst = min(ratios, key=ratios.get, default=None)
    verdict = faster("  each of them", ratios.get(worst), group.each_faster)
    return replace(verdict, measured=f"{verdict.measured} ({worst.name})") if worst else verdict


def judge_group(results: Results, group: Group) -> list[Verdict]:
    verdicts = [faster(group.title, results.mean(TCG, RINGER, group), group.faster_than_tcg)]
    if len(group.tests) > 1:
        verdicts.append(slowest(results, group))
    if group.at_most:
        verdicts.append(at_most(group.title, results.mean(RINGER, NATIVE, group), group.at_most))
    for test in group.tests:
        if test.path in suite.AT_MOST:
            verdicts.append(at_most(f"  {test.name}", results.ratio(RINGER, NATIVE, test), suite.AT_MOST[test.path]))
    failed = [test for test in group.tests if results.failure(RINGER, test)]
    if failed:
        verdicts.append(Verdict(group.title, "right results", f"{len(failed)} failed", False))
    return verdicts


def judge(results: Results, groups: list[Group]) -> list[Verdict]:
    verdicts = [verdict for group in groups for verdict in judge_group(results, group)]
    memory = results.memory.get(RINGER)
    if memory:
        most = max(memory.values()) / 2**20
        limit = suite.MEMORY_LIMIT_MIB
        verdicts.append(
            Verdict("Memory beyond the guest's", f"at most {limit} MiB", f"{most:.0f} MiB", most <= limit)
        )
    return verdicts


def as_json(results: Results, groups: list[Group], circumstances: dict) -> dict:
    monitors = results.monitors()
    return circumstances | {
        "tests": {
            test.path: {
                "meaning": test.meaning,
                "seconds": {monitor: results.seconds(monitor, test) for monitor in monitors},
                "rounds": {monitor: results.rounds.get(monitor, {}).get(test.path, []) for monitor in monitors},
                "failures": {monitor: why for monitor in monitors if (why := results.failure(monitor, test))},
                "tcg_to_native": results.ratio(TCG, NATIVE, test),
                "ringer_to_native": results.ratio(RINGER, NATIVE, test),
                "faster_than_tcg": results.ratio(TCG, RINGER, test),
            }
            for group in groups
            for test in group.tests
        },
        "groups": {
            group.name: {
                "tcg_to_native": results.mean(TCG, NATIVE, group),
                "ringer_to_native": results.mean(RINGER, NATIVE, group),
                "faster_than_tcg": results.mean(TCG, RINGER, group),
            }
            for group in groups
        },
        "memory_beyond_guest_bytes": results.memory,
        "verdicts": [vars(verdict) for verdict in judge(results, groups)],
    }
