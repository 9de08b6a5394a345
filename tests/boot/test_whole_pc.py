"""A PC with everything in it: Debian's kernels use all of its devices in one run, and its installer comes up on it."""

import hashlib
import pathlib
import subprocess
import tempfile
import unittest

import floppy_image
import http_server
import ringer

SIZE = 1 << 20
TEXT = b"a file on a floppy disk\n" * 100


class WholePcTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=ringer.SCRATCH)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.files = {name: self.folder / name for name in ("ide", "virtio", "floppy", "cd")}
        for name in ("ide", "virtio"):
            self.files[name].write_bytes(bytes(i * len(name) & 0xFF for i in range(4096)) * (SIZE // 4096))
        self.files["floppy"].write_bytes(floppy_image.make(1440, TEXT))
        (self.folder / "tree").mkdir()
        (self.folder / "tree" / "message").write_bytes(TEXT)
        command = ["xorriso", "-as", "mkisofs", "-quiet", "-o", self.files["cd"], self.folder / "tree"]
        subprocess.run(command, check=True, capture_output=True)

    def options(self) -> list[str]:
        return [
            "--disk", f"{self.files['ide']},bus=ide", "--disk", f"{self.files['virtio']},bus=virtio",
            "--floppy", str(self.files["floppy"]), "--cdrom", str(self.files["cd"]), "--net", "user", "--rng",
        ]  # fmt: skip

    def use_everything(self, kernel: str, initramfs: str, *options: str):
        with http_server.OneFileServer("127.0.0.1", TEXT * 1000) as server:
            commands = (
                "udhcpc -i eth0 -s /etc/udhcpc -n -q && "
                f"wget -q -O - http://10.0.2.2:{server.server_port}/ | md5sum && "
                "for each in sda vda fd0 sr0; do md5sum /dev/$each; done && "
                "for each in sda vda; do echo written | dd of=/dev/$each bs=512 seek=9 conv=fsync 2>/dev/null; done && "
                "head -c 16 /dev/hwrng | wc -c && mount -t iso9660 /dev/sr0 /tmp && md5sum /tmp/message && "
                "cat /proc/bus/input/devices /sys/devices/system/clocksource/clocksource0/available_clocksource"
            )
            before = {name: hashlib.md5(file.read_bytes()).hexdigest() for name, file in self.files.items()}
            outcome = ringer.boot(
                commands, *self.options(), *options, kernel=kernel, initramfs=initramfs, append="cryptomgr.notests=1"
            )
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertEqual(outcome.complaints(), [])
        self.assertNotRegex(outcome.console, r"I/O error|ata\d.*(exception|failed)")
        for sum_of in (*before.values(), hashlib.md5(TEXT).hexdigest(), hashlib.md5(TEXT * 1000).hexdigest()):
            self.assertIn(sum_of, outcome.console, outcome)
        self.assertIn("\n16\n", outcome.console)
        for seen in ("Set 2 keyboard", "ImPS/2 Generic Wheel Mouse", "hpet"):
            self.assertIn(seen, outcome.console)
        for name in ("ide", "virtio"):
            self.assertEqual(self.files[name].read_bytes()[9 * 512 :][:8], b"written\n")

    def test_amd64(self):
        self.use_everything(ringer.KERNEL_FULL, f"{ringer.INITRAMFS_PC}.cpio")

    def test_amd64_by_the_interpreter(self):
        self.use_everything(ringer.KERNEL_FULL, f"{ringer.INITRAMFS_PC}.cpio", "--engine", "interpreter")

    def test_686(self):
        self.use_everything(ringer.KERNEL_686, f"{ringer.INITRAMFS_PC}-686.cpio")

    def test_686_pae(self):
        self.use_everything(ringer.KERNEL_686_PAE, f"{ringer.INITRAMFS_PC}-686-pae.cpio")

    def test_debians_installer_gets_to_its_mirrors(self):
        """It is asked nothing before it has found the network interface, and has a lease on it."""
        line = "console=ttyS0 DEBIAN_FRONTEND=text locale=en_US keymap=us hostname=guest domain=example"
        kernel = ["--kernel", str(ringer.INSTALLER / "linux"), "--initrd", str(ringer.INSTALLER / "initrd.gz")]
        console = ringer.Console(*kernel, "--append", line, "--memory", "1G", *self.options())
        console.wait_for("Configuring the network with DHCP")
        console.wait_for("Choose a mirror of the Debian archive")
        console.kill()


if __name__ == "__main__":
    unittest.main()
