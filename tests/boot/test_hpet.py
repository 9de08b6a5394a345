"""The high precision event timers, as Linux's clock source and for its interrupts."""

import re
import unittest

import ringer

ENGINES = ("interpreter", "translator")
SOURCES = "/sys/devices/system/clocksource/clocksource0"
LOOK = f"cat {SOURCES}/available_clocksource {SOURCES}/current_clocksource; sleep 1; head -2 /proc/interrupts; "
LOOK += "grep Event.Device /proc/timer_list"


class HpetTestCase(unittest.TestCase):
    def boot(self, append: str, *options: str) -> ringer.Outcome:
        outcome = ringer.boot(LOOK, "--clock", "virtual", *options, append=append)
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertEqual(outcome.complaints(), [])
        self.assertIn("hpet0: 3 comparators, 64-bit 100.000000 MHz counter", outcome.console, outcome)
        return outcome

    def assert_ticks_by_hpet(self, outcome: ringer.Outcome):
        self.assertIn("Clock Event Device: hpet", outcome.console, outcome)
        self.assertNotIn("Clock Event Device: lapic", outcome.console, outcome)
        ticks = re.search(r"\n  0: +(\d+) .*timer\n", outcome.console)
        self.assertGreater(int(ticks.group(1)), 100, outcome)

    def test_both_engines_tell_the_time_by_it_alike(self):
        outcomes = [self.boot("clocksource=hpet nolapic_timer", "--engine", engine) for engine in ENGINES]
        for outcome in outcomes:
            self.assertIn("clocksource: Switched to clocksource hpet", outcome.console, outcome)
            self.assertIn("\nhpet\n", outcome.console, outcome)
            self.assert_ticks_by_hpet(outcome)
        self.assertEqual(outcomes[0].console, outcomes[1].console)
        self.assertEqual(outcomes[0].stats["digest"], outcomes[1].stats["digest"])

    def test_ticks_periodically(self):
        self.assert_ticks_by_hpet(self.boot("clocksource=hpet nolapic_timer nohz=off highres=off"))

    def test_is_not_what_linux_prefers(self):
        outcome = self.boot("")
        self.assertRegex(outcome.console, r"\ntsc\S* hpet acpi_pm", outcome)
        self.assertRegex(outcome.console, r"\ntsc(-early)?\n", outcome)
        self.assertIn("Clock Event Device: lapic-deadline", outcome.console, outcome)


if __name__ == "__main__":
    unittest.main()
