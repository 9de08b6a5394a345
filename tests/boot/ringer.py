"""Runs ringer for the boot tests, and tells what became of it.

The environment names what to use, as CMakeLists.txt sets it: RINGER, the program; RINGER_KERNEL, Debian's
vmlinuz; RINGER_INITRAMFS, the initramfs of tools/guest, and RINGER_INITRAMFS_VIRTIO, the same that loads
drivers of virtio devices; RINGER_KERNEL_FULL, the kernel with drivers of all that a PC may have, and
RINGER_INITRAMFS_FLOPPY, which loads those of floppy disks; RINGER_KERNEL_686, RINGER_KERNEL_686_PAE and
RINGER_INITRAMFS_I386, their 32-bit counterparts; RINGER_INITRAMFS_PC, what the names begin with of those that
load drivers of all devices; RINGER_INSTALLER, the folder with the kernel and the initramfs of Debian's
installer; RINGER_GUESTS, the folder with Debian's packages of other guests; RINGER_SCRATCH, a folder for what tests make.
"""

import json
import os
import pathlib
import socket
import subprocess
import tempfile
from dataclasses import dataclass

RINGER = os.environ.get("RINGER", "ringer")
KERNEL = os.environ.get("RINGER_KERNEL", "")
INITRAMFS_VIRTIO = os.environ.get("RINGER_INITRAMFS_VIRTIO", "")
KERNEL_FULL = os.environ.get("RINGER_KERNEL_FULL", "")
INITRAMFS_FLOPPY = os.environ.get("RINGER_INITRAMFS_FLOPPY", "")
INITRAMFS = os.environ.get("RINGER_INITRAMFS", "")
KERNEL_686 = os.environ.get("RINGER_KERNEL_686", "")
KERNEL_686_PAE = os.environ.get("RINGER_KERNEL_686_PAE", "")
INITRAMFS_I386 = os.environ.get("RINGER_INITRAMFS_I386", "")
INITRAMFS_PC = os.environ.get("RINGER_INITRAMFS_PC", "")
INSTALLER = pathlib.Path(os.environ.get("RINGER_INSTALLER", ""))
GUESTS = pathlib.Path(os.environ.get("RINGER_GUESTS", ""))
SCRATCH = pathlib.Path(os.environ.get("RINGER_SCRATCH", tempfile.gettempdir()))

# The statuses of the table in docs/guide/exit-status.md.
POWER_OFF, RESET, TIMEOUT, TRIPLE_FAULT, INSTRUCTION_LIMIT, PANIC = 0, 3, 124, 125, 126, 255

# What a kernel says when it finds fault with its machine, in lower case.
COMPLAINTS = ("bug:", "warning: cpu", "oops", "call trace", "unchecked msr access", "[firmware bug]")


def free_port(kind: int = socket.SOCK_STREAM, address: str = "127.0.0.1") -> int:
    """One of the host's that nobody has now."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


@dataclass
class Outcome:
    status: int
    console: str
    errors: str
    stats: dict

    def complaints(self) -> list[str]:
        return [line for line in self.console.lower().splitlines() if any(each in line for each in COMPLAINTS)]

    def __str__(self) -> str:
        tail = "\n".join(self.console.splitlines()[-30:])
        return f"status {self.status}; the console's end:\n{tail}\nstandard error:\n{self.errors}"


class Console:
    """A running machine, whose first serial port is at hand."""

    def __init__(self, *options: str):
        self.process = subprocess.Popen(
            [RINGER, "run", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.seen = ""

    def wait_for(self, text: str):
        start = len(self.seen)
        while text not in self.seen[start:]:
            more = os.read(self.process.stdout.fileno(), 4096)
            if not more:
                raise AssertionError(f"the machine ended before '{text}':\n{self.seen[-3000:]}")
            self.seen += more.decode(errors="replace")

    def type(self, line: str):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def kill(self):
        """As when the host's power fails, but for what the host has in memory."""
        self.process.kill()
        self.end()

    def end(self) -> int:
        self.seen += self.process.stdout.read().decode(errors="replace")
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait()


def run(*options: str) -> Outcome:
    """`ringer run` with these options and nothing to read, to its end."""
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
        stats = pathlib.Path(folder) / "stats.json"
        done = subprocess.run(
            [RINGER, "run", "--stats", str(stats), *options],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return Outcome(
            done.returncode,
            done.stdout.decode(errors="replace").replace("\r\n", "\n"),
            done.stderr.decode(errors="replace"),
            json.loads(stats.read_text()) if stats.exists() else {},
        )


# Of the kernel: what it tells of its clock a second after its start would come between any two letters of a shell's.
WARNINGS_ONLY = "loglevel=5"


def linux_options(commands: str = "", append: str = "", kernel: str = "", initramfs: str = "") -> list[str]:
    """The options that boot Debian's kernel with our initramfs; `commands` are run in the guest.

    From then on the kernel's console has warnings only, as by `WARNINGS_ONLY`."""
    line = f'console=ttyS0 {append} ringer.run="dmesg -n 5; {commands}"' if commands else f"console=ttyS0 {append}"
    return ["--kernel", kernel or KERNEL, "--initrd", initramfs or INITRAMFS, "--append", line]


def boot(
    commands: str, *options: str, append: str = "", kernel: str = "", initramfs: str = ""
) -> Outcome:
    """Boots Debian's kernel, runs `commands` (without double quotes) in the guest, and goes on to the end."""
    return run(*linux_options(commands, append, kernel, initramfs), *options)
