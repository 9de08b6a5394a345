"""A guest goes on while it waits for a disk of the host's: here one whose server, qemu-nbd, is stopped for a while."""

import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

import ringer

VIRTIO = ("vda", "", ringer.INITRAMFS_VIRTIO)
IDE = ("sda", ringer.KERNEL_FULL, f"{ringer.INITRAMFS_PC}.cpio")


class SlowDiskTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=ringer.SCRATCH)
        self.addCleanup(folder.cleanup)
        self.image = str(pathlib.Path(folder.name) / "disk.qcow2")
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", self.image, "64M"], check=True)

    def server_of(self, console: ringer.Console) -> int:
        children = pathlib.Path(f"/proc/{console.process.pid}/task/{console.process.pid}/children").read_text()
        (server,) = (int(each) for each in children.split())
        return server

    def start(self, bus: str, kernel: str, initramfs: str, commands: str) -> ringer.Console:
        """Boots a guest, and stops its disk's server once the guest has come to its commands."""
        options = ringer.linux_options(f"echo ready; read line; {commands}", kernel=kernel, initramfs=initramfs)
        console = ringer.Console(*options, "--disk", f"{self.image},bus={bus}")
        self.addCleanup(console.process.kill)
        console.wait_for("ready\r\n")
        os.kill(self.server_of(console), signal.SIGSTOP)
        console.type("")
        return console

    def go_on_meanwhile(self, bus: str, disk: str, kernel: str, initramfs: str):
        """For reads, writes and flushes."""
        write = f"dd if=/dev/zero of=/dev/{disk} bs=64k count=40 conv=fsync 2>/dev/null; sync; echo it has written"
        read = f"dd if=/dev/{disk} of=/dev/null bs=64k skip=100 count=40 2>/dev/null; echo it has read"
        commands = f"({write}) & ({read}) & sleep 1; echo here I am; read line; wait"
        console = self.start(bus, kernel, initramfs, commands)
        console.wait_for("here I am\r\n")
        self.assertNotIn("it has read\r\n", console.seen)
        self.assertNotIn("it has written\r\n", console.seen)
        os.kill(self.server_of(console), signal.SIGCONT)
        console.type("")
        self.assertEqual(console.end(), ringer.POWER_OFF, console.seen[-3000:])
        self.assertIn("it has read\r\n", console.seen)
        self.assertIn("it has written\r\n", console.seen)
        self.assertNotIn("I/O error", console.seen)

    def test_it_goes_on_while_virtio_waits(self):
        self.go_on_meanwhile("virtio", *VIRTIO)

    def test_it_goes_on_while_ide_waits(self):
        self.go_on_meanwhile("ide", *IDE)

    def test_it_is_told_when_the_server_dies_meanwhile(self):
        disk, kernel, initramfs = VIRTIO
        commands = f"dd if=/dev/{disk} of=/dev/null bs=64k count=1 & sleep 1; echo here I am; wait"
        console = self.start("virtio", kernel, initramfs, commands)
        console.wait_for("here I am\r\n")
        os.kill(self.server_of(console), signal.SIGKILL)
        self.assertEqual(console.end(), ringer.POWER_OFF, console.seen[-3000:])
        self.assertRegex(console.seen, "I/O error, dev vda")


if __name__ == "__main__":
    unittest.main()
