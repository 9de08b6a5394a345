"""What is measured, and what is wanted of Ringer's translator."""

import fnmatch
import subprocess
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Test:
    group: str
    name: str
    meaning: str

    @property
    def path(self) -> str:
        return f"{self.group}/{self.name}"

    def matches(self, patterns: list[str]) -> bool:
        names = (self.group, self.name, self.path)
        return any(fnmatch.fnmatch(name, pattern) for pattern in patterns for name in names)


@dataclass
class Group:
    """`at_most` times native, and `faster_than_tcg` by at least, are wanted of the geometric mean of the tests;
    `each_faster` than TCG by at least of every single test. None: nothing is wanted."""

    name: str
    title: str
    at_most: float | None
    faster_than_tcg: float
    each_faster: float = 1.0
    tests: list[Test] = field(default_factory=list)


BOOT, BOOT_32 = "boot", "boot_32"
PROGRAMS = "programs"
MEMORY_LIMIT_MIB = 64

# What is wanted of one test, in times native.
AT_MOST = {"integer/fibonacci": 2.5, "integer/ackermann": 2.5, "integer/bytecode": 2.5}

# Those whose tests are in programs of our own, by the folder of bench/guest.
OWN = {
    "integer": Group("integer", "Integer user code", 2.0, 2.5),
    "vector": Group("vector", "x87, SSE, AVX", 1.3, 10),
    "strings": Group("strings", "String functions and instructions", 1.5, 30),
    "kernel": Group("kernel", "Kernel-bound", 3.0, 2.5),
}


def boot_group() -> Group:
    test = Test(BOOT, BOOT, "Debian's cloud kernel, from the start of the monitor to the first line of init's")
    return Group(BOOT, "Launch to init", None, 2.6, tests=[test])


def boot_32_group() -> Group:
    test = Test(BOOT_32, BOOT_32, "Debian's 686 kernel, from the start of the monitor to the first line of init's")
    return Group(BOOT_32, "Launch to init, 32-bit kernel", None, 2, tests=[test])


def programs_group() -> Group:
    return Group(PROGRAMS, "Real programs of Debian's", None, 5, each_faster=3)


def list_tests(group: str, command: list[str]) -> list[Test]:
    """The tests that a program tells when it is asked to, as lines of name and meaning."""
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [Test(group, *line.split("\t")) for line in told.splitlines()]


def select(groups: list[Group], patterns: list[str]) -> list[Group]:
    """The groups with those tests that match, and no group without a test."""
    for group in groups:
        group.tests = [test for test in group.tests if not patterns or test.matches(patterns)]
    return [group for group in groups if group.tests]
