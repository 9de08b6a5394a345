"""Boots Debian's 32-bit kernels, of which only the PAE one knows NX and reaches memory beyond 4 GiB."""

import unittest

import ringer

# Processes, pipes, and the x87.
COMMANDS = "uname -rm; awk 'BEGIN { print 355 / 113 }'; seq 1 1000 | md5sum; grep MemTotal /proc/meminfo"
# Half of such a boot would be self-tests.
APPEND = "cryptomgr.notests=1"


class Linux32(unittest.TestCase):
    def boot(self, kernel: str, memory: str, version: str) -> ringer.Outcome:
        options = {"append": APPEND, "kernel": kernel, "initramfs": ringer.INITRAMFS_I386}
        outcome = ringer.boot(COMMANDS, "--memory", memory, **options)
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertRegex(outcome.console, version + r" i686\n3\.14159\n53d025127ae99ab79e8502aae2d9bea6 ")
        self.assertEqual(outcome.complaints(), [])
        self.assertEqual(outcome.stats["reason"], "power-off")
        shadow_space = outcome.stats["engine_counters"]["shadow_space"]
        self.assertGreater(shadow_space["pages_mapped"], 2000, "the kernel unpacks itself there")
        self.assertLess(shadow_space["refused"], shadow_space["pages_mapped"] / 4)
        return outcome

    def assert_total_memory(self, outcome: ringer.Outcome, at_least: int, below: int) -> None:
        (line,) = [line for line in outcome.console.splitlines() if line.startswith("MemTotal")]
        self.assertTrue(at_least <= int(line.split()[1]) // 1024 < below, line)

    def test_without_pae(self):
        outcome = self.boot(ringer.KERNEL_686, "1G", r"\d-686")
        self.assert_total_memory(outcome, 900, 1024)

    def test_pae(self):
        # A quarter of a GiB lies above 4 GiB.
        outcome = self.boot(ringer.KERNEL_686_PAE, "3328M", r"-686-pae")
        self.assert_total_memory(outcome, 3150, 3328)
        self.assertIn("NX (Execute Disable) protection: active", outcome.console)


if __name__ == "__main__":
    unittest.main()
