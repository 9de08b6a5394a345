"""Debian on a disk image, booted as a PC boots it: SeaBIOS, GRUB, the kernel, systemd."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import ringer

DISK = os.environ.get("RINGER_DISK", "")


class DiskTestCase(unittest.TestCase):
    def boot_and_write(self, bus: str) -> str:
        """Boots Debian from a copy of the disk, writes to it, and returns what was seen."""
        with tempfile.TemporaryDirectory(dir=ringer.SCRATCH) as folder:
            disk = pathlib.Path(folder) / "disk.raw"
            subprocess.run(["cp", "--sparse=always", "--reflink=auto", DISK, disk], check=True)
            console = ringer.Console("--disk", f"{disk},bus={bus}", "--on-reset", "end")
            console.wait_for("GRUB has found its menu")
            console.wait_for("login:")
            console.type("root")
            console.wait_for("#")
            console.type("cat /proc/interrupts; echo written by the guest >/root/note; sync; poweroff")
            self.assertEqual(console.end(), ringer.POWER_OFF, console.seen[-3000:])
            with open(disk, "rb") as image:
                self.assertIn(b"written by the guest\n", image.read())
            return console.seen

    def test_debian_boots_to_its_login_and_keeps_what_is_written(self):
        seen = self.boot_and_write("ide")
        self.assertRegex(seen, r"IO-APIC +14-edge +ata_piix")
        self.assertNotRegex(seen, r"ata\d.*(exception|failed|error)")

    def test_debian_boots_from_an_overlay_and_goes_on_there(self):
        before = os.stat(DISK).st_mtime_ns
        with tempfile.TemporaryDirectory(dir=ringer.SCRATCH) as folder:
            for command in ("echo written by the guest >/root/note; poweroff", "cat /root/note; poweroff"):
                console = ringer.Console("--disk", f"{DISK},overlay={folder}/work.cow", "--on-reset", "end")
                console.wait_for("login:")
                console.type("root")
                console.wait_for("#")
                console.type(command)
                self.assertEqual(console.end(), ringer.POWER_OFF, console.seen[-3000:])
        self.assertIn("written by the guest\r\n", console.seen)
        self.assertEqual(os.stat(DISK).st_mtime_ns, before)

    def test_debian_boots_from_a_virtio_disk_too(self):
        seen = self.boot_and_write("virtio")
        self.assertRegex(seen, r"PCI-MSI.*edge +virtio\d-req.0")
        self.assertNotRegex(seen, r"I/O error|vda: timeout")

    def compare_engines(self, bus: str):
        """Through firmware and into GRUB, with what it reads by way of the BIOS."""
        outcomes = []
        for engine in ("interpreter", "translator"):
            options = ["--clock", "virtual", "--max-instructions", "200000000", "--engine", engine]
            outcomes.append(ringer.run("--disk", f"{DISK},bus={bus},readonly", *options))
        for outcome in outcomes:
            self.assertEqual(outcome.status, ringer.INSTRUCTION_LIMIT, outcome)
            self.assertIn("GRUB loading", outcome.console, outcome)
        self.assertEqual(outcomes[0].stats["digest"], outcomes[1].stats["digest"])

    def test_both_engines_boot_alike(self):
        self.compare_engines("ide")

    def test_both_engines_boot_alike_from_virtio(self):
        self.compare_engines("virtio")


if __name__ == "__main__":
    unittest.main()
