"""The options of `ringer run` that say what a whole PC boots: firmware, disks, and what goes wrong with them."""

import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

RINGER = sys.argv[1] if len(sys.argv) > 1 else "ringer"

# Prints nothing and ends the run by isa-debug-exit with 0x10: mov dx, 0xf4; mov al, 0x10; out dx, al.
ENDS = bytes([0xBA, 0xF4, 0x00, 0xB0, 0x10, 0xEE])
ENDED = 0x10 << 1 | 1


def boot_sector(code: bytes) -> bytes:
    return code.ljust(510, b"\0") + b"\x55\xaa"


class BootOptionsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name: str, contents: bytes = b"") -> str:
        path = pathlib.Path(self.folder.name) / name
        if contents:
            path.write_bytes(contents)
        return str(path)

    def disk(self, name: str = "disk.raw", code: bytes = ENDS) -> str:
        return self.path(name, boot_sector(code) + bytes(64 * 512))

    def ringer(self, *options: str) -> subprocess.CompletedProcess:
        command = [RINGER, "run", "--clock", "virtual", "--max-instructions", "30000000", *options]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def assert_refused(self, words: str, *options: str, status: int = 2):
        result = self.ringer(*options)
        errors = result.stderr.decode()
        self.assertEqual(result.returncode, status, errors)
        self.assertRegex(errors, rf"\Aringer: .*{words}.*\n\Z")

    def test_boots_a_disk(self):
        self.assertEqual(self.ringer("--disk", self.disk()).returncode, ENDED)
        self.assertEqual(self.ringer("--disk", f"file={self.disk()},readonly").returncode, ENDED)

    def test_boots_a_virtio_disk(self):
        # Firmware wants it to have a whole cylinder.
        disk = self.path("large.raw", boot_sector(ENDS) + bytes(1 << 20))
        self.assertEqual(self.ringer("--disk", f"{disk},bus=virtio").returncode, ENDED)

    def test_other_commands_boot_disks_and_write_to_none(self):
        # Writes a sector by the BIOS, and ends: mov ax, 0x0301; mov cx, 2; mov bx, 0x7c00; int 0x13, drive in dl.
        writes = bytes([0xB8, 0x01, 0x03, 0xB9, 0x02, 0x00, 0xBB, 0x00, 0x7C, 0xB6, 0x00, 0xCD, 0x13])
        ends_if_done = bytes([0x72, 0xFE]) + ENDS  # jc $
        disk = self.disk(code=writes + ends_if_done)
        before = pathlib.Path(disk).read_bytes()
        for media in (["--disk", disk], ["--floppy", self.path("a.img", before.ljust(1440 * 1024, b"\0"))]):
            command = [RINGER, "lockstep", "--max-instructions", "30000000", "--serial", "none", *media]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
            self.assertEqual(done.returncode, ENDED, done.stderr.decode())
            self.assertIn(b"did not differ", done.stderr)
            self.assertEqual(pathlib.Path(media[1]).read_bytes()[: len(before)], before)
        explain = [RINGER, "explain", "--at", "0x7c0d", "--max-instructions", "30000000", "--disk", disk]
        done = subprocess.run(explain, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.assertIn(b"no translation began there", done.stderr)
        self.assertEqual(pathlib.Path(disk).read_bytes(), before)
        command = [RINGER, "lockstep", "--disk", f"{disk},overlay={self.path('work.cow')}"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr.decode(), r"\Aringer: --disk [^\n]+: has an overlay[^\n]+; leave the overlay out\n\Z")
        self.assertEqual(self.ringer("--disk", disk).returncode, ENDED)
        self.assertNotEqual(pathlib.Path(disk).read_bytes(), before)

    def test_boots_the_first_of_several_disks(self):
        empty = self.path("empty.raw", bytes(512))
        disks = ["--disk", self.disk(), "--disk", empty, "--disk", empty + ",readonly"]
        self.assert_refused("is in use", *disks)
        self.assertEqual(self.ringer(*disks[:4]).returncode, ENDED)

    def test_a_reset_boots_again(self):
        # A byte of CMOS memory survives, by which the second start is told from the first.
        resets = bytes([0xB0, 0x60, 0xE6, 0x70, 0xE4, 0x71])  # mov al, 0x60; out 0x70, al; in al, 0x71
        resets += bytes([0x3C, 0x5A, 0x74, 10])  # cmp al, 0x5a; je over what follows
        resets += bytes([0xB0, 0x5A, 0xE6, 0x71])  # mov al, 0x5a; out 0x71, al
        resets += bytes([0xB0, 0xFE, 0xE6, 0x64, 0xEB, 0xFE])  # mov al, 0xfe; out 0x64, al; jmp $
        disk = self.disk(code=resets + ENDS)
        self.assertEqual(self.ringer("--disk", disk).returncode, ENDED)
        self.assertEqual(self.ringer("--disk", disk, "--on-reset", "end").returncode, 3)

    def test_a_triple_fault_boots_again(self):
        faults = bytes([0xB0, 0x60, 0xE6, 0x70, 0xE4, 0x71, 0x3C, 0x5A, 0x74, 11, 0xB0, 0x5A, 0xE6, 0x71])
        faults += bytes([0x0F, 0x01, 0x1E, 0x00, 0x7E, 0xCD, 0x03])  # lidt [0x7e00], which is empty; int 3
        disk = self.disk(code=faults + ENDS)
        self.assertEqual(self.ringer("--disk", disk).returncode, ENDED)
        self.assertEqual(self.ringer("--disk", disk, "--on-reset", "end").returncode, 125)

    def test_refuses_bad_disks(self):
        self.assert_refused("no such file", "--disk", self.path("missing"))
        self.assert_refused("directory", "--disk", self.folder.name)
        self.assert_refused("cut off", "--disk", self.path("short.raw", bytes(700)))
        self.assert_refused("'writable' is unknown; give file, format, overlay, bus, readonly", "--disk", self.disk() + ",writable")
        self.assert_refused("bus floppy: unknown; give one of ide, virtio", "--disk", self.disk() + ",bus=floppy")
        self.assert_refused("one too many", *["--disk", "a"] * 5)
        self.assert_refused("one too many", *["--disk", "a,bus=virtio"] * 17)

    def test_refuses_bad_discs(self):
        disc = self.path("disc.iso", bytes(2048))
        self.assert_refused("no such file", "--cdrom", self.path("missing"))
        self.assert_refused("cut off", "--cdrom", self.path("short.iso", bytes(512)))
        self.assert_refused("'readonly' is unknown; give file", "--cdrom", disc + ",readonly")
        self.assert_refused("one too many", *["--cdrom", disc] * 5)

    def floppy(self, kib: int = 1440, name: str = "floppy.img") -> str:
        return self.path(name, boot_sector(ENDS) + bytes(kib * 1024 - 512))

    def test_boots_a_floppy(self):
        self.assertEqual(self.ringer("--floppy", self.floppy()).returncode, ENDED)
        disk = self.disk(code=bytes([0xEB, 0xFE]))
        options = ["--disk", disk, "--floppy", f"file={self.floppy(720)},readonly", "--boot", "a"]
        self.assertEqual(self.ringer(*options).returncode, ENDED)

    def test_refuses_bad_floppies(self):
        self.assert_refused("no such file", "--floppy", self.path("missing"))
        self.assert_refused("no floppy disk; give a raw image of 160, 180", "--floppy", self.floppy(1000))
        self.assert_refused("cut off", "--floppy", self.path("short.img", bytes(700)))
        self.assert_refused("'bus' is unknown; give file, readonly", "--floppy", self.floppy() + ",bus=ide")
        self.assert_refused("one too many", *["--floppy", self.floppy()] * 3)
        self.assert_refused("is in use", *["--floppy", self.floppy()] * 2)

    def test_boots_in_the_order_that_is_given(self):
        disc = self.path("disc.iso", bytes(40 * 2048))
        self.assertEqual(self.ringer("--disk", self.disk(), "--cdrom", disc, "--boot", "dc").returncode, ENDED)

    def test_boots_ide_disks_before_virtio_disks(self):
        large = self.path("large.raw", boot_sector(bytes([0xEB, 0xFE])) + bytes(1 << 20))
        self.assertEqual(self.ringer("--disk", f"{large},bus=virtio", "--disk", self.disk()).returncode, ENDED)

    def test_refuses_bad_networks(self):
        disk = ["--disk", self.disk()]
        self.assert_refused("'bridge' is no network; give user, socket or tap", *disk, "--net", "bridge")
        self.assert_refused("no pair of ports", *disk, "--net", "user,hostfwd=tcp::22")
        self.assert_refused("ipv6=yes: unknown; give on or off", *disk, "--net", "user,ipv6=yes")
        self.assert_refused("from one IP version to the other", *disk, "--net", "user,hostfwd=tcp::2-[fd00::1]:2")
        self.assert_refused("needs IPv6", *disk, "--net", "user,ipv6=off,hostfwd=tcp:[::1]:2-:2")
        self.assert_refused("same address", *disk, "--net", "user", "--net", "user,mac=52:54:00:12:34:56")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            forward = f"hostfwd=tcp:127.0.0.1:{taken.getsockname()[1]}-:22"
            self.assert_refused("cannot be had", *disk, "--net", f"user,{forward}")

    def test_refuses_bad_cables(self):
        disk = ["--disk", self.disk(), "--net"]
        self.assert_refused("has no end; give one of listen", *disk, "socket")
        self.assert_refused("more than one end", *disk, "socket,listen=:5000,connect=127.0.0.1:5000")
        self.assert_refused("5000 is no address and port", *disk, "socket,listen=5000")
        self.assert_refused("is no address and port", *disk, "socket,connect=:5000")
        self.assert_refused("is no path of a socket", *disk, "socket,connect=unix:" + 108 * "x")
        self.assert_refused("mtu=67 is no size", *disk, "socket,listen=:5000,mtu=67")
        self.assert_refused("listen does not go with user; give it with socket", *disk, "user,listen=:5000")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            place = f"127.0.0.1:{taken.getsockname()[1]}"
            words = f"--net socket,listen={place}: cannot listen there"
            self.assert_refused(words, *disk, f"socket,listen={place}", status=1)
        missing = self.path("missing") + "/wire"
        self.assert_refused("no such file or directory", *disk, f"socket,listen=unix:{missing}", status=1)

    def test_refuses_bad_tap_devices(self):
        disk = ["--disk", self.disk(), "--net"]
        self.assert_refused("names no tap device; give one with interface=tap0", *disk, "tap")
        self.assert_refused("tap%d is no name of an interface", *disk, "tap,interface=tap%d")
        self.assert_refused("interface does not go with user; give it with tap", *disk, "user,interface=tap0")
        self.assert_refused("mtu does not go with tap; give it with socket", *disk, "tap,interface=tap0,mtu=9000")

    def test_refuses_bad_firmware(self):
        self.assert_refused("no such file", "--firmware", self.path("missing"))
        self.assert_refused("multiple of 64 KiB", "--firmware", self.path("odd.bin", bytes(1000)))
        self.assert_refused("'verbose' is unknown", "--firmware", "log=x,verbose")

    def test_refuses_what_does_not_go_together(self):
        self.assert_refused("--append: goes with a kernel", "--disk", self.disk(), "--append", "quiet")
        self.assert_refused("--firmware: has no part", "--kernel", "k", "--firmware", "log=x")
        self.assert_refused("a kernel that was loaded once", "--kernel", "k", "--on-reset", "restart")
        self.assert_refused("--boot x: unknown", "--disk", self.disk(), "--boot", "x")
        self.assert_refused("names c twice", "--disk", self.disk(), "--boot", "cc")
        self.assert_refused("nothing else to boot")

    def test_help_tells_keys_and_defaults(self):
        text = subprocess.run([RINGER, "run", "--help"], capture_output=True, check=True).stdout.decode()
        for words in (r"--cdrom \[file=\]FILE", r"--floppy \[file=\]FILE\[,readonly\]", r"\[,overlay=FILE\]\[,bus=BUS\]\[,readonly\]", r"\[file=\]FILE\[,log=FILE\]", r"\(default: cda\)"):
            self.assertRegex(" ".join(text.split()), words)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
