"""What the measurements were made on and with."""

import datetime
import os
import pathlib
import platform
import subprocess


def told_by(command: list[str]) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def package_version(package: str) -> str:
    return told_by(["dpkg-query", "-W", "-f", "Debian's ${Package} ${Version}", package])


def of_proc(path: str, name: str) -> str:
    for line in pathlib.Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def is_virtual() -> bool:
    return "hypervisor" in of_proc("/proc/cpuinfo", "flags").split()


def versions(ringer: pathlib.Path, monitors: list[str]) -> dict[str, str]:
    told = {"native": "the same programs on the host itself"}
    if "tcg" in monitors:
        told["tcg"] = f"{package_version('qemu-system-x86')}, `-accel tcg -cpu max`, one CPU"
    for engine in ("ringer", "ringer-interpreter"):
        if engine in monitors:
            option = f"--engine {engine.partition('-')[2] or 'translator'}"
            told[engine] = f"{told_by([str(ringer), '--version'])}, `{option}`"
    if "bochs" in monitors:
        told["bochs"] = f"{package_version('bochs')}, a Haswell; its boot includes its BIOS and ISOLINUX"
    return {name: text for name, text in told.items() if name in monitors}


def circumstances(ringer: pathlib.Path, monitors: list[str]) -> dict:
    return {
        "date": datetime.date.today().isoformat(),
        "cpu": of_proc("/proc/cpuinfo", "model name"),
        "cpu_family_and_model": [of_proc("/proc/cpuinfo", name) for name in ("cpu family", "model")],
        "cpus": os.cpu_count(),
        "virtual": is_virtual(),
        "memory_gib": round(int(of_proc("/proc/meminfo", "MemTotal").split()[0]) / 2**20),
        "kernel": platform.release(),
        "load_average": os.getloadavg()[0],
        "versions": versions(ringer, monitors),
    }
