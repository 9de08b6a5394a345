"""Runs Debian's own kernel on two engines at once. `make lockstep` does it all the way to the power-off."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import extract_vmlinux
import ringer

DISK = os.environ.get("RINGER_DISK", "")


def lockstep(*options: str) -> tuple[ringer.Outcome, dict]:
    """`ringer lockstep` with these options and nothing to read; how it ended, and its result."""
    with tempfile.TemporaryDirectory(dir=ringer.SCRATCH) as folder:
        result = pathlib.Path(folder) / "result.json"
        done = subprocess.run(
            [ringer.RINGER, "lockstep", "--json", str(result), *options],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        outcome = ringer.Outcome(
            done.returncode,
            done.stdout.decode(errors="replace").replace("\r\n", "\n"),
            done.stderr.decode(errors="replace"),
            {},
        )
        return outcome, json.loads(result.read_text()) if result.exists() else {}


class Lockstep(unittest.TestCase):
    def assert_as_alone(self, options: list[str], engines: str) -> dict:
        """No difference, and the same end as that of a run on one engine; the result."""
        alone = ringer.run(*options, "--clock", "virtual")
        outcome, result = lockstep(*options, "--engines", engines)
        self.assertEqual(outcome.status, alone.status, outcome)
        self.assertFalse(result["differ"], outcome)
        for key in ("instructions", "reason", "digest"):
            self.assertEqual(result[key], alone.stats[key], key)
        self.assertEqual(outcome.console, alone.console)
        return result

    def test_kernel_with_and_without_decode_cache(self):
        # The vmlinux, because a bzImage would spend its first hundred million instructions on unpacking itself.
        vmlinux = ringer.SCRATCH / "vmlinux-lockstep"
        with open(ringer.KERNEL, "rb") as file:
            vmlinux.write_bytes(extract_vmlinux.extract(file.read()))
        options = [*ringer.linux_options(kernel=str(vmlinux)), "--max-instructions", "60000000"]
        result = self.assert_as_alone(options, "interpreter,interpreter-uncached")
        self.assertEqual(result["comparisons"], 600)

    def test_whole_boot_on_interpreter_and_translator(self):
        result = self.assert_as_alone(ringer.linux_options("date; ls / | md5sum"), "interpreter,translator")
        self.assertEqual(result["reason"], "power-off")

    def test_debian_boots_from_a_disk_alike(self):
        # Through SeaBIOS and GRUB into the kernel.
        before = os.stat(DISK).st_mtime_ns
        for disk in (f"{DISK},readonly", f"{DISK},bus=virtio,readonly"):
            result = self.assert_as_alone(["--disk", disk, "--max-instructions", "300000000"], "interpreter,translator")
            self.assertEqual(result["reason"], "instruction-limit")
        self.assertEqual(os.stat(DISK).st_mtime_ns, before)


if __name__ == "__main__":
    unittest.main()
