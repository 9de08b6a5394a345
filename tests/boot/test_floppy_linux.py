"""Floppy disks, by Debian's own driver, from an initramfs that loads it."""

import hashlib
import pathlib
import tempfile
import unittest

import floppy_image
import ringer

TEXT = "".join(f"line {i} of the file\n" for i in range(700)).encode()
NUMBERS = "".join(f"{i}\n" for i in range(1, 20001)).encode()


class FloppyLinuxTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=ringer.SCRATCH)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def floppy(self, name: str, kib: int) -> pathlib.Path:
        path = self.folder / name
        path.write_bytes(floppy_image.make(kib, TEXT))
        return path

    def boot(self, commands: str, *options: str) -> ringer.Outcome:
        outcome = ringer.boot(
            commands, "--clock", "virtual", *options, kernel=ringer.KERNEL_FULL, initramfs=ringer.INITRAMFS_FLOPPY
        )
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertEqual(outcome.complaints(), [])
        self.assertNotIn("I/O error", outcome.console, outcome)
        return outcome

    def test_reads_and_writes_a_file_system(self):
        a, b = self.floppy("a.img", 1440), self.floppy("b.img", 360)
        before = b.read_bytes()
        outcome = self.boot(
            "mount -t vfat /dev/fd0 /tmp && md5sum /tmp/message.txt && seq 20000 >/tmp/numbers && umount /tmp && "
            "md5sum /dev/fd1 && ! dd if=/tmp/x of=/dev/fd1 2>/dev/null",
            "--floppy", str(a), "--floppy", f"{b},readonly",
        )  # fmt: skip
        self.assertIn("fd0 is 1.44M, fd1 is 360K PC", outcome.console)
        self.assertIn("is a S82078B", outcome.console)
        self.assertIn(hashlib.md5(TEXT).hexdigest(), outcome.console)
        self.assertIn(hashlib.md5(before).hexdigest(), outcome.console)
        self.assertEqual(b.read_bytes(), before)
        again = self.boot("mount -t vfat /dev/fd0 /tmp && md5sum /tmp/numbers", "--floppy", f"{a},readonly")
        self.assertIn(hashlib.md5(NUMBERS).hexdigest(), again.console)

    def test_without_dma(self):
        floppy = self.floppy("a.img", 720)
        outcome = self.boot(
            "rmmod floppy && insmod /modules/floppy.ko floppy=nodma && seq 20000 >/root/numbers && "
            "dd if=/root/numbers of=/dev/fd0 bs=512 seek=100 conv=fsync 2>/dev/null && "
            "echo 3 >/proc/sys/vm/drop_caches && md5sum /dev/fd0",
            "--floppy", str(floppy),
        )  # fmt: skip
        contents = floppy.read_bytes()
        self.assertEqual(contents[51200 : 51200 + len(NUMBERS)], NUMBERS)
        self.assertIn(hashlib.md5(contents).hexdigest(), outcome.console, outcome)


if __name__ == "__main__":
    unittest.main()
