"""What is made of a console's lines: by monitors that are shell scripts."""

import pathlib
import tempfile
import unittest

import chart
import measure
import monitors
import page
import report
import results
import suite

TESTS = [suite.Test("integer", name, f"does {name}") for name in ("one", "two", "three")]
GROUP = suite.Group("integer", "Integer user code", 2.0, 2.5, tests=TESTS)
NOWHERE = pathlib.Path("/nowhere")
CIRCUMSTANCES = {
    "date": "2000-01-01",
    "cpu": "a CPU",
    "cpu_family_and_model": ["6", "1"],
    "cpus": 1,
    "virtual": False,
    "memory_gib": 1,
    "kernel": "1.0",
    "load_average": 0.0,
    "versions": {},
}


def script(tests: list[suite.Test], special: dict[str, str]) -> str:
    lines = ["echo BENCH init"]
    for test in tests:
        usual = f"echo BENCH begin {test.name}; sleep 0.01; echo BENCH end {test.name} 1"
        lines.append(special.get(test.name, usual))
    return "\n".join([*lines, "echo BENCH done"])


def finish(rounds: measure.Rounds) -> float | None:
    """What it returns, when nobody else wants a turn."""
    try:
        while True:
            next(rounds)
    except StopIteration as end:
        return end.value


class Shell(monitors.Monitor):
    def __init__(self, scratch: pathlib.Path, name: str):
        super().__init__(scratch)
        self.name = name

    def command(self, guest: monitors.Guest) -> list[str]:
        return guest.native


class BenchTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.scratch = pathlib.Path(folder.name)
        self.results = results.Results()

    def run_monitor(self, name: str, special: dict[str, str] | None = None) -> float | None:
        def make_guest(tests: list[suite.Test]) -> monitors.Guest:
            return monitors.Guest(NOWHERE, NOWHERE, 1, ["sh", "-c", script(tests, special or {})])

        return finish(measure.run_all(Shell(self.scratch, name), TESTS, make_guest, self.results))

    def failures(self, name: str) -> list[str | None]:
        return [self.results.failure(name, test) for test in TESTS]

    def test_times_every_test_and_the_boot(self):
        self.assertIsNotNone(self.run_monitor("native"))
        self.assertEqual(self.failures("native"), [None, None, None])
        for test in TESTS:
            self.assertGreater(self.results.seconds("native", test), 0)

    def test_goes_on_behind_a_test_that_takes_the_monitor_down(self):
        self.run_monitor("ringer", {"two": "echo BENCH begin two; exit 3"})
        self.assertEqual(self.failures("ringer"), [None, "the monitor ended with status 3", None])
        self.assertIsNotNone(self.results.seconds("ringer", TESTS[2]))

    def test_goes_on_behind_a_test_whose_process_fails(self):
        self.run_monitor("ringer", {"two": "echo BENCH begin two; echo BENCH failed two 139"})
        self.assertEqual(self.failures("ringer"), [None, "its process ended with status 139", None])

    def test_tells_a_test_without_a_result(self):
        self.run_monitor("ringer", {"three": "true"})
        self.assertEqual(self.failures("ringer"), [None, None, "told no result"])

    def test_goes_on_behind_a_monitor_that_hangs(self):
        self.addCleanup(setattr, measure, "PATIENCE", measure.PATIENCE)
        self.addCleanup(setattr, monitors, "LAST_WORDS", monitors.LAST_WORDS)
        measure.PATIENCE, monitors.LAST_WORDS = 3, 0.1
        self.run_monitor("ringer", {"one": "echo BENCH begin one; sleep 1000"})
        self.assertEqual(self.failures("ringer"), ["the monitor said nothing for 3 s", None, None])

    def test_fails_everything_when_nothing_comes_up(self):
        def make_guest(_: list[suite.Test]) -> monitors.Guest:
            return monitors.Guest(NOWHERE, NOWHERE, 1, ["false"])

        self.assertIsNone(finish(measure.run_all(Shell(self.scratch, "ringer"), TESTS, make_guest, self.results)))
        self.assertNotIn(None, self.failures("ringer"))
        self.assertIn("FAILED", report.text(self.results, [GROUP]))
        self.assertEqual(len(report.failures(self.results, [GROUP])), len(TESTS))

    def test_finds_results_that_differ(self):
        self.run_monitor("native")
        self.run_monitor("ringer", {"one": "echo BENCH begin one; echo BENCH end one 2"})
        self.assertEqual(self.failures("ringer"), ["wrong result: 2, not 1", None, None])
        self.assertIsNone(self.results.ratio("ringer", "native", TESTS[0]))

    def test_begins_the_time_by_an_answer(self):
        asks = "echo BENCH ready one; read -r answer && sleep 0.01; echo BENCH end one 1"
        self.run_monitor("native", {"one": asks})
        self.assertGreaterEqual(self.results.seconds("native", TESTS[0]), 0.01)

    def test_lets_each_do_a_round_in_turn(self):
        order = self.scratch / "order"

        def work(name: str, rounds: int) -> measure.Rounds[float | None]:
            asks = f"echo BENCH ready one; read -r answer; echo {name} >>{order}; echo BENCH end one 1"
            guest = monitors.Guest(NOWHERE, NOWHERE, 1, ["sh", "-c", script(TESTS[:1], {"one": "\n".join([asks] * rounds)})])
            return measure.run_all(Shell(self.scratch, name), TESTS[:1], lambda _: guest, self.results)

        measure.in_turns([work("native", 2), work("tcg", 1), work("ringer", 3)])
        self.assertEqual(order.read_text().split(), ["native", "tcg", "ringer", "native", "ringer", "ringer"])
        self.assertEqual(len(self.results.rounds["ringer"]["integer/one"][0]), 3)

    def test_ends_those_that_wait_when_one_breaks_down(self):
        guest = monitors.Guest(NOWHERE, NOWHERE, 1, ["sh", "-c", script(TESTS, {"one": "echo BENCH ready one; read -r _"})])
        waits = Shell(self.scratch, "native")

        def breaks() -> measure.Rounds[None]:
            yield from ()
            raise RuntimeError

        with self.assertRaises(RuntimeError):
            measure.in_turns([measure.run_all(waits, TESTS, lambda _: guest, self.results), breaks()])
        self.assertIsNotNone(waits.process.returncode)

    def test_tells_what_the_monitor_complained_of(self):
        self.run_monitor("ringer", {"two": "echo BENCH begin two; echo a bug >&2; exit 3"})
        self.assertEqual(self.failures("ringer")[1], "the monitor ended with status 3: a bug")

    def test_divides_by_the_number_of_operations(self):
        self.run_monitor("native", {"one": "echo BENCH begin one; sleep 0.1; echo BENCH end one 1 1000000"})
        self.assertLess(self.results.seconds("native", TESTS[0]), 0.01)

    def test_takes_a_rating(self):
        self.run_monitor("native", {"one": "echo BENCH begin one; echo BENCH rated one 1 500"})
        self.assertEqual(self.results.seconds("native", TESTS[0]), 0.002)

    def test_stops_the_time_before_the_checksum_is_made(self):
        reader = measure.Reader("native", TESTS, self.results)
        for now, line in ((1.0, "BENCH begin one"), (3.0, "BENCH stop one"), (9.0, "BENCH end one 1")):
            reader.take(now, line)
        self.assertEqual(self.results.seconds("native", TESTS[0]), 2.0)

    def test_finds_lines_behind_other_words(self):
        reader = measure.Reader("native", TESTS, self.results)
        for now, line in ((1.0, "[    1.0] BENCH begin one"), (2.0, "[    2.0] random"), (3.0, "BENCH end one 1")):
            reader.take(now, line)
        self.assertEqual(self.results.seconds("native", TESTS[0]), 2.0)

    def fill(self, ringer: float) -> None:
        for name, seconds in (("native", 1.0), ("tcg", 10.0), ("ringer", ringer)):
            for run in ([1.5, 1.0], [1.0, 9.0], [9.0, 8.0]):
                self.results.begin_run(name)
                for test in TESTS:
                    for factor in run:
                        self.results.add_round(name, test, seconds * factor, "1")

    def test_takes_the_median_of_the_fastest_rounds(self):
        self.fill(2.0)
        self.assertEqual(self.results.seconds("ringer", TESTS[0]), 2.0)
        self.assertAlmostEqual(self.results.mean("tcg", "ringer", GROUP), 5.0)

    def test_tells_the_first_rounds_alone(self):
        self.fill(2.0)
        self.assertEqual(self.results.first_rounds().seconds("ringer", TESTS[0]), 3.0)
        self.assertEqual(self.results.seconds("ringer", TESTS[0]), 2.0)

    def test_judges_what_is_wanted(self):
        self.fill(2.0)
        self.assertTrue(all(verdict.reached for verdict in results.judge(self.results, [GROUP])))
        self.results = results.Results()
        self.fill(11.0)
        self.assertFalse(any(verdict.reached for verdict in results.judge(self.results, [GROUP])))

    def test_tells_failures_and_figures_in_every_form(self):
        self.fill(2.0)
        self.results.fail("ringer", TESTS[1], "it broke")
        self.assertIn("FAILED", report.text(self.results, [GROUP]))
        told = page.page(self.results, [GROUP], CIRCUMSTANCES, 3, 2, 4)
        self.assertIn("integer/two under ringer: it broke", told)
        self.assertIn("| `one` | 1 s | 10.0x | 2.00x | 5.00x |", told)
        self.assertEqual(chart.svg(self.results, [GROUP]).count("<circle"), 2 + 2 + 5)
        self.assertEqual(results.as_json(self.results, [GROUP], {})["tests"]["integer/one"]["faster_than_tcg"], 5.0)


if __name__ == "__main__":
    unittest.main()
