"""The two sorts of work: programs of our own in a small guest, and Debian's in one with their files."""

import os
import pathlib
import shlex
import subprocess

import guest_image
import measure
import monitors
import suite
from measure import Rounds
from results import NATIVE, Results


ANSWERED = "export BENCH_ANSWERED=1"  # see bench/guest/bench.h

# What the kernel says must not get between the words of the console's lines, nor may the end of the machine.
QUIET, DRAIN = "dmesg -n 1", "sleep 0.3"


def plan(commands: dict[str, str], setup: list[str], end: list[str]) -> str:
    """A script that runs each test's command in a process of its own: one that dies takes no other with it."""
    tests = [f"{command} || echo BENCH failed {name} $?" for name, command in commands.items()]
    return "\n".join(["echo BENCH init", *setup, *tests, "echo BENCH done", *end, ""])


def add_boot(monitor: monitors.Monitor, test: suite.Test, booted: float | None, into: Results) -> None:
    if booted is None:
        into.fail(monitor.name, test, "the guest did not come up")
    else:
        into.add_round(monitor.name, test, booted, "")


class OwnPrograms:
    """The tests of bench/guest, and the boot that comes before them."""

    TITLE = "programs of our own"
    MEMORY_MIB = 512

    def __init__(self, scratch: pathlib.Path, rounds: int):
        self.rounds = rounds
        self.folder = scratch / "own"
        self.programs = guest_image.build_programs(self.folder)
        self.kernel: pathlib.Path | None = None
        self.initramfs = scratch / "own.cpio"
        self.image = self.folder / "boot.cpio"

    def groups(self) -> list[suite.Group]:
        for name, group in suite.OWN.items():
            group.tests = suite.list_tests(name, [str(self.folder / guest_image.program_of(name)), "--list"])
        return [*suite.OWN.values(), suite.boot_group()]

    def make_guest(self, tests: list[suite.Test], answered: bool) -> monitors.Guest:
        if self.kernel is None:
            self.kernel = guest_image.kernel()
            guest_image.make_initramfs(self.initramfs, self.programs)
        commands = {test.name: f"{guest_image.program_of(test.group)} {self.rounds} {test.name}" for test in tests}
        answer = [ANSWERED] if answered else []
        guest_image.add_plan(self.image, [self.initramfs], plan(commands, [QUIET, *answer], [DRAIN]))
        native = ["env", f"PATH={self.folder}:/usr/bin:/bin", "sh", "-c", plan(commands, answer, [])]
        return monitors.Guest(self.kernel, self.image, self.MEMORY_MIB, native)

    def measure(self, monitor: monitors.Monitor, groups: list[suite.Group], into: Results) -> Rounds[None]:
        tests = [test for group in groups if group.name in suite.OWN for test in group.tests]
        boots = [test for group in groups if group.name == suite.BOOT for test in group.tests]
        is_native = monitor.name == NATIVE
        if not tests and (is_native or not boots):
            return
        booted = yield from measure.run_all(monitor, tests, lambda left: self.make_guest(left, monitor.answers), into)
        for test in [] if is_native else boots:
            add_boot(monitor, test, booted, into)


class Boot32:
    """The boot of Debian's 32-bit kernel, with nothing behind it."""

    TITLE = "the 32-bit kernel"
    MEMORY_MIB = 512
    PACKAGE = "linux-image-686:i386"

    def __init__(self, scratch: pathlib.Path):
        self.folder = scratch / "boot_32"
        self.initramfs, self.image = self.folder / "base.cpio", self.folder / "boot.cpio"
        self.kernel: pathlib.Path | None = None

    def groups(self) -> list[suite.Group]:
        return [suite.boot_32_group()]

    def make_guest(self, _: list[suite.Test]) -> monitors.Guest:
        if self.kernel is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.kernel = guest_image.kernel(self.PACKAGE)
            guest_image.make_initramfs(self.initramfs, [], "i386")
            guest_image.add_plan(self.image, [self.initramfs], plan({}, [QUIET], [DRAIN]))
        return monitors.Guest(self.kernel, self.image, self.MEMORY_MIB, [])

    def measure(self, monitor: monitors.Monitor, groups: list[suite.Group], into: Results) -> Rounds[None]:
        boots = [test for group in groups if group.name == suite.BOOT_32 for test in group.tests]
        if monitor.name in (NATIVE, monitors.Bochs.name):
            return
        for test in boots:
            booted = yield from measure.run_all(monitor, [], self.make_guest, into)
            add_boot(monitor, test, booted, into)


class DebianPrograms:
    """The tests of bench/programs, in a tree of Debian's packages that a guest has as a folder of its initramfs, and
    the host as one to change its root to. Both keep scratch files in memory."""

    TITLE = "programs of Debian's"
    MEMORY_MIB = 2048
    SOURCES = guest_image.ROOT / "bench/programs"
    PACKAGES = (
        *("dash", "coreutils", "sed", "p7zip-full", "openssl", "python3-minimal", "perl-base", "sqlite3"),
        *("gcc-12", "cpp-12", "binutils"),
    )
    # Large, and used by no test.
    LEFT_OUT = (
        *("*/lto1", "*/lto-*", "*lto-dump*", "*gprofng*", "*/gconv/*"),
        *("*san.so*", "*/gcc/*.a", "*/__pycache__*"),
    )
    TREE = "debian-programs"

    def __init__(self, scratch: pathlib.Path, rounds: int):
        self.rounds = rounds
        self.folder = scratch / "debian"
        self.inputs = self.folder / "inputs" / self.TREE / "bench"
        self.initramfs, self.files = self.folder / "base.cpio", self.folder / "files.cpio"
        self.image = self.folder / "boot.cpio"
        self.tree: pathlib.Path | None = None
        self.kernel: pathlib.Path | None = None

    def groups(self) -> list[suite.Group]:
        group = suite.programs_group()
        for script in sorted(self.SOURCES.glob("*.sh")):
            if script.name != "lib.sh":
                meaning = script.read_text().splitlines()[0].lstrip("# ")
                group.tests.append(suite.Test(group.name, script.stem, meaning))
        return [group]

    def prepare(self) -> None:
        self.inputs.mkdir(parents=True, exist_ok=True)
        for source in self.SOURCES.iterdir():
            (self.inputs / source.name).write_bytes(source.read_bytes())
        subprocess.run(["python3", self.SOURCES / "inputs.py", self.inputs], check=True)
        self.kernel = guest_image.kernel()
        make = [guest_image.TOOLS / "make_debian.sh", self.TREE, *self.PACKAGES]
        self.tree = pathlib.Path(guest_image.output_of(make))
        guest_image.make_initramfs(self.initramfs, [])
        of_tree = guest_image.archive_of(self.tree.parent, self.TREE, self.LEFT_OUT)
        self.files.write_bytes(of_tree + guest_image.archive_of(self.folder / "inputs"))

    def commands(self, root: str, tests: list[suite.Test]) -> dict[str, str]:
        surroundings = "BENCH_ANSWERED=1 PATH=/usr/bin SCRATCH=/tmp LC_ALL=C PYTHONDONTWRITEBYTECODE=1"
        enter = f"chroot {root} /usr/bin/env -i {surroundings}"
        run = {
            test.name: f"{enter} NAME={test.name} sh -c '. /bench/lib.sh; . /bench/{test.name}.sh'" for test in tests
        }
        return {name: f"(for round in $(seq {self.rounds}); do {once} || exit; done)" for name, once in run.items()}

    def native(self, tests: list[suite.Test]) -> list[str]:
        """With mounts of its own, and, for one who is not root, users of its own."""
        root = shlex.quote(str(self.tree))
        (self.tree / "bench").mkdir(exist_ok=True)
        setup = [
            f"mount --bind {shlex.quote(str(self.inputs))} {root}/bench",
            f"mount --rbind /dev {root}/dev",
            f"mount --rbind /proc {root}/proc",
            f"mount -t tmpfs tmpfs {root}/tmp",
        ]
        user = [] if os.geteuid() == 0 else ["--map-root-user"]
        return ["unshare", "--mount", *user, "sh", "-c", plan(self.commands(root, tests), setup, [])]

    def make_guest(self, tests: list[suite.Test]) -> monitors.Guest:
        if self.tree is None:
            self.prepare()
        root = f"/{self.TREE}"
        # A young guest keeps those who read random numbers waiting, which is not to be measured.
        setup = [
            QUIET,
            f"mount -o bind /dev {root}/dev",
            f"mount -o bind /proc {root}/proc",
            "head -c 16 /dev/random >/dev/null",
        ]
        script = plan(self.commands(root, tests), setup, [DRAIN])
        guest_image.add_plan(self.image, [self.initramfs, self.files], script)
        return monitors.Guest(self.kernel, self.image, self.MEMORY_MIB, self.native(tests))

    def measure(self, monitor: monitors.Monitor, groups: list[suite.Group], into: Results) -> Rounds[None]:
        tests = [test for group in groups if group.name == suite.PROGRAMS for test in group.tests]
        if tests and monitor.name != monitors.Bochs.name:  # for which the image is too large
            yield from measure.run_all(monitor, tests, self.make_guest, into)
