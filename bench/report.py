"""What the measurements come to: medians and ratios, as text, JSON and a page of the documentation."""

import datetime
import os
import pathlib
import statistics
from dataclasses import dataclass, field

WORKLOADS = {
    "boot": "Debian's cloud kernel, from the start of the program to the first line of init's",
    "alu": "600 million integer instructions that touch no memory",
    "memory": "20 million dependent loads in random order through 4 MiB",
}


@dataclass
class Results:
    """Seconds by monitor and workload, one for each repetition; instructions by workload."""

    seconds: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    instructions: dict[str, int] = field(default_factory=dict)
    ringer_boot: dict = field(default_factory=dict)

    def add(self, monitor: str, workload: str, seconds: float, instructions: int) -> None:
        self.seconds.setdefault(monitor, {}).setdefault(workload, []).append(seconds)
        if instructions:
            self.instructions[workload] = instructions

    def median(self, monitor: str, workload: str) -> float | None:
        values = self.seconds.get(monitor, {}).get(workload)
        return statistics.median(values) if values else None

    def mips(self, monitor: str, workload: str) -> float | None:
        if workload == "boot":
            return self.ringer_boot.get("mips") if monitor == "ringer" else None
        median = self.median(monitor, workload)
        return self.instructions[workload] / median / 1e6 if median else None

    def ratio(self, monitor: str, workload: str, other: str) -> float | None:
        mine, theirs = self.median(monitor, workload), self.median(other, workload)
        return mine / theirs if mine and theirs else None


def cpu_model() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def number(value: float | None, digits: int, unit: str = "") -> str:
    return "" if value is None else f"{value:.{digits}f}{unit}"


def significant(value: float | None) -> str:
    return number(value, 0 if value is None or value >= 10 else 1)


def rows(results: Results) -> list[list[str]]:
    table = []
    for workload in WORKLOADS:
        for monitor in results.seconds:
            if results.median(monitor, workload) is None:
                continue
            values = results.seconds[monitor][workload]
            table.append(
                [
                    workload,
                    monitor,
                    number(results.median(monitor, workload), 2, " s"),
                    f"{min(values):.2f} to {max(values):.2f}",
                    significant(results.mips(monitor, workload)),
                    number(results.ratio(monitor, workload, "qemu-tcg"), 2),
                    number(results.ratio(monitor, workload, "native"), 1),
                ]
            )
    return table


HEADINGS = ["workload", "monitor", "median", "range", "MIPS", "time / TCG", "time / native"]


def text(results: Results) -> str:
    table = [HEADINGS, *rows(results)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table)


def as_json(results: Results, versions: dict[str, str]) -> dict:
    return {
        "date": datetime.date.today().isoformat(),
        "cpu": cpu_model(),
        "versions": versions,
        "seconds": results.seconds,
        "instructions": results.instructions,
        "ringer_boot": results.ringer_boot,
        "medians": {
            monitor: {workload: results.median(monitor, workload) for workload in of}
            for monitor, of in results.seconds.items()
        },
        "mips": {
            monitor: {workload: results.mips(monitor, workload) for workload in of}
            for monitor, of in results.seconds.items()
        },
    }


def page(results: Results, versions: dict[str, str], repetitions: int) -> str:
    table = [HEADINGS, ["---"] * len(HEADINGS), *rows(results)]
    lines = [
        "# Performance",
        "",
        "Written by `make bench`; do not edit.",
        "",
        f"Measured on {datetime.date.today().isoformat()}, on a host with {os.cpu_count()} CPUs of the type {cpu_model()}.",
        f"The median of {repetitions} runs counts; the monitors took turns. Times are wall time, taken outside of the guest by the",
        "lines on its console. A smaller ratio is better.",
        "",
        *["| " + " | ".join(row) + " |" for row in table],
        "",
        "The workloads:",
        "",
        *[f"- `{name}`: {meaning}" for name, meaning in WORKLOADS.items()],
        "",
        "The monitors, all with 512 MiB and one CPU:",
        "",
        *[f"- `{name}`: {version}" for name, version in versions.items()],
        "",
        "MIPS of `alu` and `memory` are the loop's known number of instructions over its time; of `boot`, what ringer",
        f"counts for a boot to the power-off ({results.ringer_boot.get('instructions', 0) / 1e6:.0f} million). Bochs boots from a CD image,",
        "by way of its BIOS and ISOLINUX; Debian builds it with its debugger, which costs it speed.",
        "",
    ]
    return "\n".join(lines)
