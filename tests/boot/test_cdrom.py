"""A CD-ROM with ISOLINUX and Debian's kernel on it, booted through SeaBIOS."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

import ringer

ISOLINUX = pathlib.Path("/usr/lib/ISOLINUX/isolinux.bin")
LDLINUX = pathlib.Path("/usr/lib/syslinux/modules/bios/ldlinux.c32")
ENGINES = ("interpreter", "translator")

CONFIGURATION = """\
SERIAL 0 115200
DEFAULT linux
SAY ISOLINUX has found its configuration
LABEL linux
  KERNEL vmlinuz
  INITRD initramfs.cpio
  APPEND console=ttyS0 ringer.run="echo from $(cat /proc/sys/kernel/ostype)"
"""


class CdromTestCase(unittest.TestCase):
    def make_image(self, folder: pathlib.Path) -> pathlib.Path:
        tree = folder / "tree"
        (tree / "isolinux").mkdir(parents=True)
        for source, name in (
            (ISOLINUX, "isolinux.bin"),
            (LDLINUX, "ldlinux.c32"),
            (ringer.KERNEL, "vmlinuz"),
            (ringer.INITRAMFS, "initramfs.cpio"),
        ):
            shutil.copy(source, tree / "isolinux" / name)
        (tree / "isolinux" / "isolinux.cfg").write_text(CONFIGURATION)
        image = folder / "cd.iso"
        boot = ["-b", "isolinux/isolinux.bin", "-c", "isolinux/boot.cat"]
        boot += ["-no-emul-boot", "-boot-load-size", "4", "-boot-info-table"]
        command = ["xorriso", "-as", "mkisofs", "-quiet", "-o", image, *boot, tree]
        subprocess.run(command, check=True, capture_output=True)
        return image

    def test_isolinux_boots_debians_kernel(self):
        with tempfile.TemporaryDirectory(dir=ringer.SCRATCH) as folder:
            image = self.make_image(pathlib.Path(folder))
            for engine in ENGINES:
                with self.subTest(engine=engine):
                    self.boot(image, engine)

    def boot(self, image: pathlib.Path, engine: str):
        outcome = ringer.run("--cdrom", str(image), "--boot", "d", "--clock", "virtual", "--engine", engine)
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertIn("Booting from DVD/CD", outcome.console, outcome)
        self.assertIn("ISOLINUX has found its configuration", outcome.console, outcome)
        self.assertIn("from Linux", outcome.console, outcome)


if __name__ == "__main__":
    unittest.main()
