"""Floppy disks that SeaBIOS boots, and INT 13h reads and writes."""

import pathlib
import tempfile
import unittest

import floppy_image
import ringer

ENDED = 0x10 << 1 | 1
ENGINES = ("interpreter", "translator")
TEXT = "".join(f"line {i} of the file\r\n" for i in range(700)).encode()


class FloppyTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=ringer.SCRATCH)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def floppy(self, kib: int, name: str = "floppy.img", text: bytes = TEXT) -> pathlib.Path:
        path = self.folder / name
        path.write_bytes(floppy_image.make(kib, text))
        return path

    def boot(self, *options: str) -> ringer.Outcome:
        return ringer.run("--clock", "virtual", "--max-instructions", "400000000", *options)

    def assert_read(self, outcome: ringer.Outcome, text: bytes = TEXT):
        self.assertEqual(outcome.status, ENDED, outcome)
        self.assertIn(text.decode().replace("\r\n", "\n"), outcome.console, outcome)

    def test_both_engines_boot_and_write_alike(self):
        floppies = [self.floppy(1440, engine) for engine in ENGINES]
        outcomes = [
            self.boot("--floppy", str(floppy), "--boot", "a", "--engine", engine)
            for engine, floppy in zip(ENGINES, floppies)
        ]
        for outcome, floppy in zip(outcomes, floppies):
            self.assert_read(outcome)
            self.assertIn("Booting from Floppy", outcome.console)
            self.assertTrue(outcome.console.endswith("status 0"), outcome)
            contents = floppy.read_bytes()
            self.assertEqual(contents[-512 + 62 : -512 + 200], contents[62:200], "it has written itself")
        self.assertEqual(outcomes[0].stats["digest"], outcomes[1].stats["digest"])
        self.assertEqual(floppies[0].read_bytes(), floppies[1].read_bytes())

    def test_every_size(self):
        for kib in floppy_image.FORMATS:
            with self.subTest(kib=kib):
                floppy = self.floppy(kib)
                outcome = self.boot("--floppy", str(floppy))
                self.assert_read(outcome)
                self.assertTrue(outcome.console.endswith("status 0"), outcome)
                self.assertEqual(floppy.read_bytes()[-2:], b"\x55\xaa")

    def test_a_write_protected_disk(self):
        floppy = self.floppy(1440)
        before = floppy.read_bytes()
        outcome = self.boot("--floppy", f"{floppy},readonly")
        self.assert_read(outcome)
        self.assertTrue(outcome.console.endswith("status 3"), outcome)
        self.assertEqual(floppy.read_bytes(), before)

    def test_boots_in_the_order_that_is_given(self):
        disk = self.folder / "disk.raw"
        disk.write_bytes(b"\xeb\xfe".ljust(510, b"\0") + b"\x55\xaa" + bytes(64 * 512))
        options = ["--disk", str(disk), "--floppy", str(self.floppy(720))]
        self.assert_read(self.boot(*options, "--boot", "ac"))
        self.assertEqual(self.boot(*options).status, ringer.INSTRUCTION_LIMIT)


if __name__ == "__main__":
    unittest.main()
