"""Disk images of all formats and overlays, with `ringer run`: what boots from them, what is left of them, what is refused."""

import os
import pathlib
import re
import select
import signal
import subprocess
import sys
import tempfile
import unittest

RINGER = sys.argv[1] if len(sys.argv) > 1 else "ringer"
REFERENCE = pathlib.Path(__file__).resolve().parents[2] / "docs/reference/devices.md"

SECTOR_ARGUMENTS = bytes.fromhex("bb0080 b90200 b600")  # mov bx, 0x8000; mov cx, 2; mov dh, 0
CLEAR = bytes.fromhex("31c0 8ed8 8ec0")  # xor ax, ax; mov ds, ax; mov es, ax
READ, WRITE = bytes.fromhex("b80102 cd13"), bytes.fromhex("b80103 cd13")  # mov ax, ...; int 0x13
INCREMENT = bytes.fromhex("fe060080")  # inc byte [0x8000]
TELL = bytes.fromhex("a00080 baf400 ee")  # mov al, [0x8000]; mov dx, 0xf4; out dx, al: ends the run by isa-debug-exit
SAY = b"\x52\xb0!\xba\xf8\x03\xee\x5a"  # push dx; mov al, '!'; mov dx, 0x3f8; out dx, al; pop dx
SPIN = b"\xeb\xfe"
FAILED = 0x3F


def end_with(value: int) -> bytes:
    return b"\xb0" + bytes([value]) + b"\xba\xf4\x00\xee"  # mov al, value; mov dx, 0xf4; out dx, al


def count(then: bytes = TELL) -> bytes:
    """Increments the first byte of the second sector, which firmware leaves alone, on the drive that firmware has named in
    DL, and goes on to `then`; ends the run when it cannot."""
    jump_if_carry = b"\x72"
    last = then + end_with(FAILED)
    write = INCREMENT + WRITE + jump_if_carry + bytes([len(then)])
    return CLEAR + SECTOR_ARGUMENTS + READ + jump_if_carry + bytes([len(write) + len(then)]) + write + last


def status_of(value: int) -> int:
    return (value << 1 | 1) & 0xFF


class DiskImagesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def raw(self, name: str = "base.raw", code: bytes = b"") -> str:
        sector = (code or count()).ljust(510, b"\0") + b"\x55\xaa"
        (self.folder / name).write_bytes(sector + bytes((1 << 20) - 512))
        return self.path(name)

    def convert(self, source: str, target: str, qemu_format: str) -> str:
        command = ["qemu-img", "convert", "-f", "raw", "-O", *qemu_format.split(), source, self.path(target)]
        subprocess.run(command, check=True, capture_output=True)
        return self.path(target)

    def ringer(self, *options: str, **settings) -> subprocess.CompletedProcess:
        command = [RINGER, "run", "--clock", "virtual", "--max-instructions", "30000000", *options]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, **settings)

    def assert_counts(self, value: int, *options: str):
        result = self.ringer(*options)
        self.assertEqual(result.returncode, status_of(value), result.stderr.decode())
        self.assertEqual(result.stderr, b"")

    def assert_refused(self, words: str, *options: str, status: int = 2, **settings):
        result = self.ringer(*options, **settings)
        errors = result.stderr.decode()
        self.assertEqual(result.returncode, status, errors)
        self.assertRegex(errors, rf"\Aringer: [^\n]*{words}[^\n]*; [^\n]+\n\Z")

    def test_every_format_of_the_reference_does_what_it_tells(self):
        table = re.findall(r"^\| `(\w+)` \| `(\.\w+)`[^|]* \| yes \| yes \| yes \|$", REFERENCE.read_text(), re.MULTILINE)
        known = re.search(r"format: unknown; give one of (.*)", self.unknown_format()).group(1)
        self.assertEqual([name for name, _ in table], known.split(", "))
        qemu = {"vhd": "vpc -o force_size=on"}
        base = self.raw()
        for number, (name, extension) in enumerate(table):
            with self.subTest(format=name):
                bus = ("ide", "virtio")[number % 2]
                image = self.convert(base, f"image{number}{extension}", qemu.get(name, name))
                self.assert_counts(1, "--disk", f"{image},bus={bus}")
                self.assert_counts(2, "--disk", f"{image},format={name},bus={bus}")
                self.assert_counts(FAILED, "--disk", f"{image},readonly,bus={bus}")
                overlay = self.path(f"overlay{number}")
                self.assert_counts(3, "--disk", f"{image},overlay={overlay},bus={bus}")
                self.assert_counts(4, "--disk", f"{image},overlay={overlay},bus={bus}")
                self.assert_counts(3, "--disk", image)

    def unknown_format(self) -> str:
        return self.ringer("--disk", f"{self.raw('other.raw')},format=floppy").stderr.decode().replace(" floppy:", ":")

    def test_runs_repeat(self):
        digests = set()
        for number, engine in enumerate(("interpreter", "translator", "translator")):
            stats = self.path("stats.json")
            overlay = self.path(f"overlay{number}")
            self.assert_counts(
                1, "--disk", f"{self.raw()},overlay={overlay}", "--engine", engine, "--stats", stats
            )  # fmt: skip
            digests.add(re.search(r'"digest": *"(\w+)"', pathlib.Path(stats).read_text()).group(1))
        self.assertEqual(len(digests), 1)

    def test_the_guest_of_a_raw_image_cannot_make_it_another(self):
        image = self.convert(self.raw(), "disk.img", "qcow2")
        self.assert_refused("holds the signature of a qcow2 image", "--disk", image)
        self.assert_counts(1, "--disk", f"{image},format=qcow2")
        os.rename(image, self.path("disk.raw"))
        self.assertEqual(self.ringer("--disk", self.path("disk.raw")).returncode, 126, "it boots nothing")

    def test_refuses_what_cannot_be_opened(self):
        base = self.raw()
        self.assert_refused("is named as a qcow2 image and holds none", "--disk", self.raw("none.qcow2"))
        self.assert_refused("readonly lets it write nothing", "--disk", f"{base},overlay=x,readonly")
        image = self.convert(base, "image.qcow2", "qcow2")
        self.assert_refused("has no value", "--disk", f"{image},overlay=")
        os.truncate(image, 70_000)
        self.assert_refused("is damaged or cut off", "--disk", image)
        self.assertEqual(self.ringer("--disk", f"{base},overlay={self.path('a.cow')}").returncode, status_of(1))
        other = self.raw("other.raw")
        self.assert_refused("is one of .*, not of", "--disk", f"{other},overlay={self.path('a.cow')}")
        self.assert_refused("is there and is no overlay", "--disk", f"{base},overlay={other}")
        os.rename(base, self.path("moved.raw"))
        self.assert_refused("No such file", "--disk", f"{self.path('a.cow')},format=qcow2")

    def test_refuses_what_is_cut_off(self):
        """What is missing is not taken for zeros: whatever an image lacks that is full of data, but for less than its last cluster,
        it is refused, below an overlay too."""
        base = self.raw(code=b"\xeb\xfe")
        with open(base, "r+b") as file:
            file.seek(512)
            file.write(os.urandom((1 << 20) - 512))
        formats = {"qcow2": "qcow2", "vmdk": "vmdk", "vhd": "vpc -o force_size=on", "vhdx": "vhdx", "vdi": "vdi"}
        for extension, qemu_format in formats.items():
            image = self.convert(base, f"whole.{extension}", qemu_format)
            contents = pathlib.Path(image).read_bytes()
            last = contents.rindex(pathlib.Path(base).read_bytes()[-512:])
            for size in (600, 70_000, 0x30000, len(contents) // 2, last - 100_000):
                with self.subTest(format=extension, size=size):
                    cut = self.folder / f"cut.{extension}"
                    cut.write_bytes(contents[:size])
                    self.assert_refused("", "--disk", str(cut))
                    self.assert_refused("", "--disk", f"{cut},overlay={self.path('cut.cow')}")

    def test_tells_which_package_is_missing(self):
        options = ["--disk", f"{self.raw()},overlay={self.path('a.cow')}"]
        self.assert_refused(
            "needs the program qemu-img", *options, status=1,
            env={**os.environ, "PATH": self.path("nowhere")},
        )  # fmt: skip

    def start(self, *options: str) -> subprocess.Popen:
        """A machine whose guest has said that it goes on; in a process group of its own, as a shell does it."""
        process = subprocess.Popen(
            [RINGER, "run", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        while b"!" not in process.stdout.read(1):
            pass
        return process

    def servers(self, name: str) -> list[int]:
        """The processes that were started with this file."""
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if name.encode() in (folder / "cmdline").read_bytes() and (folder / "comm").read_text() == "qemu-nbd\n":
                    found.append(int(folder.name))
            except OSError:
                pass
        return found

    def assert_server_ends(self, pid: int):
        """Waits for it, without a limit: a server that goes on hangs the test."""
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        select.select([descriptor], [], [])
        os.close(descriptor)

    def test_the_server_ends_with_ringer_and_not_before(self):
        overlay = self.path("a.cow")
        disk = f"{self.raw(code=count(SAY + SPIN))},overlay={overlay}"
        for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                process = self.start("--disk", disk)
                (server,) = self.servers(overlay)
                self.assertEqual(os.getsid(server), server, "a session of its own")
                self.assert_refused("is in use", "--disk", disk)
                # As the terminal does it, to the whole group.
                os.killpg(process.pid, number)
                _, errors = process.communicate()
                self.assertEqual(errors, b"")
                self.assert_server_ends(server)
        subprocess.run(["qemu-img", "convert", "-f", "qcow2", "-O", "raw", overlay, self.path("all.raw")], check=True)
        self.assertEqual(pathlib.Path(self.path("all.raw")).read_bytes()[512], 3, "what was written is there")

    def test_a_server_that_is_gone_is_told_of_once(self):
        overlay = self.path("a.cow")
        step = SECTOR_ARGUMENTS + READ
        read_for_ever = step + b"\x73" + bytes([0x100 - len(step) - 2])  # jnc to its start
        disk = self.raw(code=CLEAR + SAY + read_for_ever + end_with(0x11))
        process = self.start("--disk", f"{disk},overlay={overlay}")
        (server,) = self.servers(overlay)
        os.kill(server, signal.SIGKILL)
        _, errors = process.communicate()
        self.assertEqual(process.returncode, status_of(0x11))
        self.assertRegex(errors.decode(), r"\Aringer: [^\n]*its qemu-nbd has ended[^\n]*\n\Z")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
