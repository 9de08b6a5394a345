"""`ringer run --config FILE` and --print-config: a machine described in a file, and what is wrong with such files."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

RINGER = sys.argv[1] if len(sys.argv) > 1 else "ringer"

# A boot sector that ends the run by isa-debug-exit with 0x10: mov dx, 0xf4; mov al, 0x10; out dx, al.
SECTOR = bytes([0xBA, 0xF4, 0x00, 0xB0, 0x10, 0xEE]).ljust(510, b"\0") + b"\x55\xaa"
ENDED, INSTRUCTION_LIMIT = 0x10 << 1 | 1, 126


class ConfigTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.disk = str(self.folder / "disk.raw")
        (self.folder / "disk.raw").write_bytes(SECTOR + bytes(64 * 512))

    def config(self, text: str) -> str:
        path = self.folder / "machine.toml"
        path.write_text(text)
        return str(path)

    def ringer(self, *options: str) -> subprocess.CompletedProcess:
        return subprocess.run([RINGER, "run", *options], stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def assert_refused(self, words: str, text: str, *options: str):
        path = self.config(text)
        result = self.ringer("--config", path, *options)
        errors = result.stderr.decode()
        self.assertEqual(result.returncode, 2, errors)
        self.assertRegex(errors, rf"\Aringer: --config {path}{words}[^\n]*; [^\n]+\n\Z")

    def test_a_machine_in_a_file(self):
        machine = f"""
            memory = "64M"
            clock = "virtual"
            max-instructions = 30_000_000
            rng = true
            [[disk]]
            file = "{self.disk}"
            readonly = true
            [firmware]
            log = "{self.folder}/log"
        """
        result = self.ringer("--config", self.config(machine))
        self.assertEqual((result.returncode, result.stderr), (ENDED, b""))
        self.assertIn("SeaBIOS", (self.folder / "log").read_text())
        result = self.ringer("--config", self.config(machine), "--max-instructions", "1000")
        self.assertEqual(result.returncode, INSTRUCTION_LIMIT)

    def test_what_is_printed_is_the_same_machine(self):
        typed = ["--disk", f"{self.disk},bus=ide,readonly", "--net", "user,hostfwd=tcp::8000-:80", "--memory", "64M"]
        typed += ["--append", "", "--boot", "c", "--rng"]
        first = self.ringer("--config", self.config("memory = '1G'\ntimeout = '1h'\ndisplay = 'none'"), *typed, "--print-config")
        self.assertEqual((first.returncode, first.stderr), (0, b""))
        text = first.stdout.decode()
        for line in ("memory = '64M'", "timeout = '1h'", "rng = true", f"disk = [ '{self.disk},bus=ide,readonly' ]"):
            self.assertIn(line + "\n", text)
        second = self.ringer("--config", self.config(text), "--print-config")
        self.assertEqual((second.stdout.decode(), second.stderr), (text, b""))

    def test_a_display_in_a_table(self):
        (self.folder / "password").write_text("far too long\n")
        display = f"[display]\ntype = 'vnc:127.0.0.1:5999'\npassword-file = '{self.folder}/password'\n"
        self.assert_refused(":[23]: --display password-file .*: its first line has 12 characters", f"disk = '{self.disk}'\n{display}")

    def test_refuses_what_it_does_not_understand(self):
        disk = f"disk = '{self.disk}'\n"
        self.assert_refused(":2: [^\n]*", disk + "memory = 1G\n")
        self.assert_refused(":3: speed: is no option", disk + "\nspeed = 1\n")
        self.assert_refused(":2: rng: is not true or false", disk + "rng = 'yes'\n")
        self.assert_refused(":2: memory: is neither a string nor a whole number", disk + "memory = 1.5\n")
        self.assert_refused(":1: print-config: is no option", "print-config = true\n")

    def test_tells_where_a_bad_value_comes_from(self):
        disk = f"disk = '{self.disk}'\n"
        self.assert_refused(":2: --memory 1X: ", disk + "memory = '1X'\n")
        self.assert_refused(":2: --log-level loud: ", disk + "log-level = 'loud'\n")
        self.assert_refused(":1: --disk file=none,cache: 'cache' is unknown", "[[disk]]\nfile = 'none'\ncache = true\n")
        self.assert_refused(":1: --disk none: no such file", "disk = ['none']\n")
        self.assert_refused(":2: --display vnc:x: has no address", disk + "[display]\ntype = 'vnc:x'\n")
        # What was typed is not the file's fault.
        result = self.ringer("--config", self.config(disk + "memory = '1X'\n"), "--memory", "1Y")
        self.assertRegex(result.stderr.decode(), r"\Aringer: --memory 1Y: ")

    def test_a_file_that_is_not_there(self):
        result = self.ringer("--config", str(self.folder / "none"))
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr.decode(), r"\Aringer: --config [^\n]*no such file[^\n]*\n\Z")
        self.assertRegex(self.ringer("--config").stderr.decode(), "--config")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
