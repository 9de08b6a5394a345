"""Boots Debian's own kernel."""

import subprocess
import sys
import unittest

import extract_vmlinux
import ringer

MiB = 1 << 20


class Linux(unittest.TestCase):
    def assert_status(self, outcome: ringer.Outcome, status: int) -> None:
        self.assertEqual(outcome.status, status, outcome)

    def test_commands_and_power_off(self):
        outcome = ringer.boot("echo sum=$((6*7)); uname -r; grep -c processor /proc/cpuinfo; ls / | md5sum")
        self.assert_status(outcome, ringer.POWER_OFF)
        self.assertIn("\nsum=42\n", outcome.console)
        self.assertIn("-cloud-amd64\n1\n", outcome.console)
        self.assertIn("reboot: Power down", outcome.console)
        self.assertEqual(outcome.stats["reason"], "power-off")
        self.assertGreater(outcome.stats["instructions"], 100_000_000)
        self.assertEqual(outcome.complaints(), [])

        overhead = outcome.stats["peak_host_memory_bytes"] - outcome.stats["guest_memory_touched_bytes"]
        self.assertLess(overhead, 64 * MiB)

    def test_hits_of_the_tlb_are_counted(self):
        outcome = ringer.boot("true", "--engine", "translator-counting")
        self.assert_status(outcome, ringer.POWER_OFF)
        counters = outcome.stats["engine_counters"]
        self.assertGreater(counters["hits"]["tlb"], outcome.stats["instructions"] // 100)
        self.assertGreater(counters["hits"]["tlb"], 50 * counters["misses"]["tlb"])

    def test_failing_command(self):
        self.assert_status(ringer.boot("exit 21"), 21 << 1 | 1)

    def test_reboot(self):
        outcome = ringer.boot("reboot -f")
        self.assert_status(outcome, ringer.RESET)
        self.assertIn("reboot: Restarting system", outcome.console)

    def test_panic_with_reboot(self):
        outcome = ringer.boot("echo c > /proc/sysrq-trigger", append="panic=-1")
        self.assert_status(outcome, ringer.PANIC)
        self.assertIn("Kernel panic - not syncing", outcome.console)

    def test_panic_that_hangs(self):
        outcome = ringer.boot("echo c > /proc/sysrq-trigger")
        self.assert_status(outcome, ringer.PANIC)
        self.assertIn("---[ end Kernel panic", outcome.console)

    def test_panic_without_root(self):
        outcome = ringer.run("--kernel", ringer.KERNEL, "--append", "console=ttyS0 panic=-1")
        self.assert_status(outcome, ringer.PANIC)
        self.assertIn("Unable to mount root fs", outcome.console)

    def test_instruction_limit(self):
        options = [*ringer.linux_options(), "--clock", "virtual"]
        limits = [3_000_000, 50_000_001]
        stopped = [ringer.run(*options, "--max-instructions", str(limit)) for limit in limits]
        for outcome, limit in zip(stopped, limits):
            self.assert_status(outcome, ringer.INSTRUCTION_LIMIT)
            self.assertEqual(outcome.stats["instructions"], limit)
        self.assertNotEqual(stopped[0].stats["digest"], stopped[1].stats["digest"])

    def test_virtual_clock_repeats_under_load(self):
        commands = "date; cat /proc/interrupts; dmesg | md5sum"
        quiet = ringer.boot(commands, "--clock", "virtual")
        load = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
        try:
            loaded = ringer.boot(commands, "--clock", "virtual")
        finally:
            for process in load:
                process.kill()
                process.wait()
        self.assert_status(quiet, ringer.POWER_OFF)
        self.assertEqual(quiet.console, loaded.console)
        for key in ("instructions", "digest", "exits", "exit_status"):
            self.assertEqual(quiet.stats[key], loaded.stats[key], key)

    def test_entry_32(self):
        self.assert_status(ringer.boot("true", "--entry", "32"), ringer.POWER_OFF)

    def test_pvh(self):
        vmlinux = ringer.SCRATCH / "vmlinux"
        with open(ringer.KERNEL, "rb") as file:
            vmlinux.write_bytes(extract_vmlinux.extract(file.read()))
        outcome = ringer.boot("uname -r", kernel=str(vmlinux))
        self.assert_status(outcome, ringer.POWER_OFF)
        self.assertIn("-cloud-amd64\n", outcome.console)

    def total_memory(self, size: str) -> int:
        outcome = ringer.boot("grep MemTotal /proc/meminfo", "--memory", size)
        self.assert_status(outcome, ringer.POWER_OFF)
        (line,) = [line for line in outcome.console.splitlines() if line.startswith("MemTotal")]
        return int(line.split()[1]) // 1024

    def test_little_memory(self):
        # The kernel's image alone reaches up to 62 MiB.
        self.assertTrue(40 < self.total_memory("96M") < 96)

    def test_memory_beyond_4_gib(self):
        self.assertTrue(5700 < self.total_memory("6G") < 6144)


if __name__ == "__main__":
    unittest.main()
