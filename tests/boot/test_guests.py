"""Guests that are no Linux kernel by itself: docs/reference/guests.md lists them all."""

import gzip
import pathlib
import re
import subprocess
import tempfile
import unittest

import http_server
import ringer

IPXE = """\
linux16 /ipxe.lkrn
initrd16 /script
"""
# GRUB leaves quotes out, and with them all but the first word.
XEN = """\
multiboot2 /xen com1=115200,8n1 console=com1 dom0_mem=512M noreboot
module2 /vmlinuz console=hvc0 ringer.run=mount
module2 /initramfs.cpio
"""


class GuestsTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=ringer.SCRATCH)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_memory_tester_finds_no_errors(self):
        """All its tests but the last, which waits for memory to fade."""
        for flavour in ("x64", "ia32"):
            kernel = ringer.GUESTS / "memtest86+" / "boot" / f"memtest86+{flavour}.bin"
            console = ringer.Console("--kernel", str(kernel), "--append", "console=ttyS0,115200", "--memory", "64M")
            console.wait_for("fade over")
            console.wait_for("Time:")
            console.kill()
            self.assertEqual(set(re.findall(r"Errors: (\S+)", console.seen)), {"0"}, console.seen[-3000:])

    def run_disc(self, commands: str, files: dict[str, bytes], *options: str) -> ringer.Outcome:
        """Boots a CD-ROM with GRUB and these files on it."""
        tree = self.folder / "tree"
        (tree / "boot" / "grub").mkdir(parents=True)
        (tree / "boot" / "grub" / "grub.cfg").write_text(commands + "boot\n")
        for name, contents in files.items():
            (tree / name).write_bytes(contents)
        image = self.folder / "disc.iso"
        command = ["grub-mkrescue", "-d", "/usr/lib/grub/i386-pc", "-o", image, tree]
        subprocess.run(command, check=True, capture_output=True)
        return ringer.run("--cdrom", str(image), "--boot", "d", "--on-reset", "end", *options)

    def test_network_boot_firmware_fetches_a_kernel(self):
        with http_server.OneFileServer("127.0.0.1", pathlib.Path(ringer.KERNEL).read_bytes()) as server:
            url = f"http://10.0.2.2:{server.server_port}/vmlinuz"
            files = {
                "ipxe.lkrn": (ringer.GUESTS / "ipxe" / "boot" / "ipxe.lkrn").read_bytes(),
                "script": f"#!ipxe\ndhcp\nkernel {url} console=ttyS0 panic=-1\nboot\n".encode(),
            }
            outcome = self.run_disc(IPXE, files, "--net", "user")
        self.assertIn("Linux version", outcome.console, outcome)
        self.assertIn("Unable to mount root fs", outcome.console)

    def test_xen_runs_linux_beside_itself(self):
        """A VMM as guest: Xen, with a paravirtualized Linux in ring 3 as its first domain."""
        (xen,) = (ringer.GUESTS / "xen-hypervisor-4.17-amd64" / "boot").glob("xen-*.gz")
        files = {
            "xen": gzip.decompress(xen.read_bytes()),
            "vmlinuz": pathlib.Path(ringer.KERNEL_FULL).read_bytes(),
            "initramfs.cpio": pathlib.Path(ringer.INITRAMFS).read_bytes(),
        }
        outcome = self.run_disc(XEN, files, "--memory", "1G")
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertIn("(XEN) Xen version 4.17", outcome.console)
        self.assertIn("Hypervisor detected: Xen PV", outcome.console)
        self.assertIn("sysfs on /sys type sysfs", outcome.console)


if __name__ == "__main__":
    unittest.main()
