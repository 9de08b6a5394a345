"""The programs that are measured: each runs a plan, and hands over what its console says."""

import json
import os
import pathlib
import shlex
import signal
import subprocess
from dataclasses import dataclass
from typing import IO

# A serial port keeps less than 8 characters of input back until 4 more could have come.
ANSWER = b"begin..\n"
COMMAND_LINE = "console=ttyS0,115200 mitigations=off"

# Seconds that a monitor has to end by itself, once its console has ended or is not listened to any longer.
LAST_WORDS = 20


@dataclass(frozen=True)
class Guest:
    """What there is to boot, or, for the host itself, to run: `native` is the command that runs the plan."""

    kernel: pathlib.Path
    image: pathlib.Path
    memory_mib: int
    native: list[str]


class Monitor:
    """A virtual machine monitor that boots a kernel and an initramfs, with its console on its standard output."""

    name = ""
    answers = True

    def __init__(self, scratch: pathlib.Path):
        self.scratch = scratch
        self.process: subprocess.Popen | None = None

    def command(self, guest: Guest) -> list[str]:
        raise NotImplementedError

    @property
    def log(self) -> pathlib.Path:
        return self.scratch / f"{self.name}.log"

    def start(self, guest: Guest) -> IO[bytes]:
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command(guest),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        return self.process.stdout

    def answer(self) -> None:
        """Sends a line to the console."""
        try:
            self.process.stdin.write(ANSWER)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # It has ended, as its output will tell.

    def last_words(self) -> str:
        """What it had to complain about, in a line."""
        lines = self.log.read_text(errors="replace").splitlines()
        return f": {lines[0][:200]}" if lines else ""

    def kill(self) -> int:
        """Ends it and what it started, which Ctrl-C does not reach in a session of its own."""
        os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait()

    def stop(self) -> int:
        """Waits for its end, but not forever; returns the exit status."""
        try:
            return self.process.wait(timeout=LAST_WORDS)
        except subprocess.TimeoutExpired:
            return self.kill()

    def memory_beyond_guest(self) -> int | None:
        """Bytes of the host's memory beyond what the guest touched of its own, at the peak of the last run."""
        return None


class Native(Monitor):
    """The same programs on the host itself; there is nothing to boot."""

    name = "native"

    def command(self, guest: Guest) -> list[str]:
        return guest.native


class QemuTcg(Monitor):
    name = "tcg"

    def command(self, guest: Guest) -> list[str]:
        boot = ["-kernel", str(guest.kernel), "-initrd", str(guest.image), "-append", COMMAND_LINE]
        quiet = ["-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot", "-nodefaults"]
        machine = ["-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", str(guest.memory_mib)]
        return ["qemu-system-x86_64", *machine, *quiet, *boot]


class Ringer(Monitor):
    def __init__(self, scratch: pathlib.Path, program: pathlib.Path, engine: str):
        super().__init__(scratch)
        self.program, self.engine = program, engine
        self.name = "ringer" if engine == "translator" else f"ringer-{engine}"

    @property
    def statistics(self) -> pathlib.Path:
        return self.scratch / f"{self.name}-statistics.json"

    def command(self, guest: Guest) -> list[str]:
        boot = ["--kernel", str(guest.kernel), "--initrd", str(guest.image), "--append", COMMAND_LINE]
        engine = ["--engine", self.engine, "--memory", f"{guest.memory_mib}M"]
        self.statistics.unlink(missing_ok=True)
        return [str(self.program), "run", *boot, *engine, "--stats", str(self.statistics)]

    def memory_beyond_guest(self) -> int | None:
        if not self.statistics.exists():
            return None
        told = json.loads(self.statistics.read_text())
        return told["peak_host_memory_bytes"] - told["guest_memory_touched_bytes"]


class Bochs(Monitor):
    """Bochs loads no kernel by itself, so it boots a CD image by ISOLINUX; its boot includes the BIOS and that."""

    name = "bochs"
    answers = False

    def prepare(self, guest: Guest) -> None:
        tree = self.scratch / "iso"
        (tree / "isolinux").mkdir(parents=True, exist_ok=True)
        copies = {
            "/usr/lib/ISOLINUX/isolinux.bin": "isolinux/isolinux.bin",
            "/usr/lib/syslinux/modules/bios/ldlinux.c32": "isolinux/ldlinux.c32",
            guest.kernel: "vmlinuz",
            guest.image: "initramfs",
        }
        for source, destination in copies.items():
            (tree / destination).write_bytes(pathlib.Path(source).read_bytes())
        (tree / "isolinux/isolinux.cfg").write_text(
            f"default linux\nprompt 0\nlabel linux\nkernel /vmlinuz\ninitrd /initramfs\nappend {COMMAND_LINE}\n"
        )
        loader = "-b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table"
        make = ["xorriso", "-as", "mkisofs", "-quiet", "-o", str(self.scratch / "bench.iso"), *loader.split()]
        subprocess.run([*make, str(tree)], check=True, stderr=subprocess.DEVNULL)
        # Debian builds Bochs with its debugger, which waits to be told to continue.
        (self.scratch / "bochs.continue").write_text("continue\n")
        (self.scratch / "bochsrc").write_text(
            f"""megs: {guest.memory_mib}
cpu: model=corei7_haswell_4770, count=1, ips=100000000, reset_on_triple_fault=0
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path={self.scratch}/bench.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev={self.fifo}
display_library: rfb, options="timeout=0"
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
speaker: enabled=0
clock: sync=none
log: {self.scratch}/bochs-own.log
panic: action=fatal
"""
        )

    @property
    def fifo(self) -> pathlib.Path:
        return self.scratch / "bochs.serial"

    def command(self, guest: Guest) -> list[str]:
        """The shell keeps the FIFO open from before Bochs opens it, so that opening it waits for nobody."""
        self.prepare(guest)
        self.fifo.unlink(missing_ok=True)
        os.mkfifo(self.fifo)
        bochs = ["bochs", "-q", "-f", str(self.scratch / "bochsrc"), "-rc", str(self.scratch / "bochs.continue")]
        return ["sh", "-c", f"exec 3<>{shlex.quote(str(self.fifo))}; {shlex.join(bochs)} >&2"]

    def start(self, guest: Guest) -> IO[bytes]:
        super().start(guest).close()
        return open(self.fifo, "rb")
