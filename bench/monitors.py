"""The programs that are measured: each runs the same guest, and hands over the lines of its console as they come."""

import os
import pathlib
import subprocess
from collections.abc import Iterator
from typing import IO

COMMAND_LINE = "console=ttyS0"
MEMORY_MIB = 512


def lines(stream: IO[bytes]) -> Iterator[str]:
    for line in stream:
        yield line.decode(errors="replace").strip()


class Monitor:
    """A virtual machine monitor that boots a kernel and an initramfs."""

    name = ""

    def __init__(self, kernel: pathlib.Path, initramfs: pathlib.Path, scratch: pathlib.Path):
        self.kernel, self.initramfs, self.scratch = kernel, initramfs, scratch

    def command(self) -> list[str]:
        raise NotImplementedError

    def run(self) -> Iterator[str]:
        """The console's lines, up to the power-off."""
        with subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            yield from lines(process.stdout)


class Ringer(Monitor):
    name = "ringer"

    def __init__(self, program: str, *rest: pathlib.Path):
        super().__init__(*rest)
        self.program = program

    def command(self) -> list[str]:
        boot = ["--kernel", str(self.kernel), "--initrd", str(self.initramfs), "--append", COMMAND_LINE]
        return [self.program, "run", *boot, "--memory", f"{MEMORY_MIB}M"]


class QemuTcg(Monitor):
    name = "qemu-tcg"

    def command(self) -> list[str]:
        boot = ["-kernel", str(self.kernel), "-initrd", str(self.initramfs), "-append", COMMAND_LINE]
        quiet = ["-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot", "-nodefaults"]
        return ["qemu-system-x86_64", "-accel", "tcg", "-m", str(MEMORY_MIB), *quiet, *boot]


class Bochs(Monitor):
    """Bochs loads no kernel by itself, so it boots a CD image by ISOLINUX; its boot includes the BIOS and that."""

    name = "bochs"

    def prepare(self) -> None:
        tree = self.scratch / "iso"
        (tree / "isolinux").mkdir(parents=True, exist_ok=True)
        copies = {
            "/usr/lib/ISOLINUX/isolinux.bin": "isolinux/isolinux.bin",
            "/usr/lib/syslinux/modules/bios/ldlinux.c32": "isolinux/ldlinux.c32",
            self.kernel: "vmlinuz",
            self.initramfs: "initramfs",
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
            f"""megs: {MEMORY_MIB}
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
log: {self.scratch}/bochs.log
panic: action=fatal
"""
        )

    @property
    def fifo(self) -> pathlib.Path:
        return self.scratch / "bochs.serial"

    def command(self) -> list[str]:
        return ["bochs", "-q", "-f", str(self.scratch / "bochsrc"), "-rc", str(self.scratch / "bochs.continue")]

    def run(self) -> Iterator[str]:
        self.prepare()
        self.fifo.unlink(missing_ok=True)
        os.mkfifo(self.fifo)
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(self.command(), **quiet) as process, open(self.fifo, "rb") as console:
            yield from lines(console)
            process.wait()


class Native:
    """The same programs on the host itself; there is nothing to boot."""

    name = "native"

    def __init__(self, programs: list[pathlib.Path]):
        self.programs = programs

    def run(self) -> Iterator[str]:
        for program in self.programs:
            with subprocess.Popen([program], stdout=subprocess.PIPE) as process:
                yield from lines(process.stdout)
