"""User code whose memory the host's MMU finds: it does what the interpreter does, page faults and all."""

import unittest

import ringer

ENGINES = ("interpreter", "translator", "translator-eager")
# A shell that computes, one that sorts what does not fit into a few pages, and several that take turns.
WORK = "i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done; echo counted $i; seq 1 20000 | sort -r | md5sum; "
WORK += "for n in 1 2 3; do (seq 1 $((n * 4000)) | md5sum) & done; wait"


class ShadowSpaceTestCase(unittest.TestCase):
    def run_work(self, append: str):
        outcomes = [
            ringer.boot(WORK, "--clock", "virtual", "--engine", engine, append=append) for engine in ENGINES
        ]
        interpreted = outcomes[0]
        self.assertIn("counted 20000", interpreted.console, interpreted)
        for outcome in outcomes:
            self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
            self.assertEqual(outcome.complaints(), [])
            self.assertEqual(outcome.console, interpreted.console)
            self.assertEqual(outcome.stats["digest"], interpreted.stats["digest"])
        for outcome in outcomes[1:]:
            self.assertGreater(outcome.stats["engine_counters"]["shadow_space"]["pages_mapped"], 100)

    def test_programs_run_as_interpreted(self):
        self.run_work("")

    def test_without_process_context_identifiers_too(self):
        self.run_work("nopcid")

    def test_a_signal_for_each_page_of_a_large_program_is_enough(self):
        """It maps and unmaps its memory, and each page is touched afresh and then again."""
        sort = "seq 1 200000 | sort -r | md5sum"
        outcome = ringer.boot(sort, "--clock", "virtual", "--engine", "translator")
        shadow_space = outcome.stats["engine_counters"]["shadow_space"]
        self.assertGreater(shadow_space["pages_mapped"], 2000)
        self.assertLess(shadow_space["refused"], 0.65 * shadow_space["pages_mapped"])

    def test_code_learns_which_of_its_accesses_are_at_the_other_end(self):
        outcome = ringer.boot("regions; echo left $?", "--clock", "virtual", "--engine", "translator")
        self.assertIn("left 0", outcome.console, outcome)
        self.assertLess(outcome.stats["engine_counters"]["misses"]["regions"], 1000)


if __name__ == "__main__":
    unittest.main()
