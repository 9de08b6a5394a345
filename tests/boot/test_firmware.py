"""SeaBIOS on the whole PC, with nothing to boot."""

import pathlib
import unittest

import ringer

# It has long said so by then, and waits.
ENOUGH = "10000000"


class FirmwareTestCase(unittest.TestCase):
    def run_firmware(self, *options: str) -> tuple[ringer.Outcome, str]:
        log = ringer.SCRATCH / f"{self._testMethodName}.log"
        outcome = ringer.run(
            "--firmware", f"log={log}", "--clock", "virtual", "--max-instructions", ENOUGH, *options
        )
        return outcome, pathlib.Path(log).read_text()

    def test_finds_nothing_to_boot(self):
        outcome, log = self.run_firmware()
        self.assertEqual(outcome.status, ringer.INSTRUCTION_LIMIT, outcome)
        self.assertIn("No bootable device.", outcome.console, outcome)
        for line in (
            "Running on QEMU (i440fx)",
            "QEMU fw_cfg DMA interface supported",
            "init bdf=00:01.0 id=8086:7000",
            "Copying SMBIOS",
            "ACPI: parse DSDT",
            "len 0x0000000020000000 [RAM]",
        ):
            self.assertIn(line, log)

    def test_is_the_same_on_both_engines(self):
        runs = [self.run_firmware("--engine", engine)[0] for engine in ("interpreter", "translator")]
        self.assertEqual(runs[0].console, runs[1].console)
        self.assertEqual(runs[0].stats["digest"], runs[1].stats["digest"])

    def test_sees_memory_beyond_4_gib(self):
        _, log = self.run_firmware("--memory", "4G")
        self.assertIn("addr 0x0000000100000000 len 0x0000000040000000 [RAM]", log)


if __name__ == "__main__":
    unittest.main()
