"""The console on a terminal: the shell, job control, and the operator's keys."""

import unittest

import ringer
from terminal import Terminal

PROMPT = "/root # "


class Console(unittest.TestCase):
    def sleep(self, terminal: Terminal) -> None:
        """Starts a job that sleeps in the foreground, and waits until it does."""
        terminal.type("sh -c 'echo a''sleep; exec sleep 100000'\r")
        terminal.expect("asleep")

    def test_shell_with_job_control(self):
        terminal = Terminal(*ringer.linux_options(append=ringer.WARNINGS_ONLY))
        terminal.expect(PROMPT)
        terminal.type("echo $((6*7)); tty\r")
        self.assertIn("42/dev/ttyS0", terminal.expect(PROMPT).replace("\r", "").replace("\n", ""))
        self.sleep(terminal)
        terminal.type("\x1a")
        self.assertIn("Stopped", terminal.expect(PROMPT))
        terminal.type("kill %1; fg\r")
        self.assertIn("Terminated", terminal.expect(PROMPT))
        self.sleep(terminal)
        terminal.type("\x03")
        terminal.expect(PROMPT)
        terminal.type("poweroff\r")
        self.assertEqual(terminal.end(), ringer.POWER_OFF)

    def test_quit_key(self):
        terminal = Terminal(*ringer.linux_options())
        terminal.expect("Linux version")
        terminal.type("\x01h")
        terminal.expect("Ctrl-A x")
        terminal.type("\x01x")
        self.assertEqual(terminal.end(), 0)


if __name__ == "__main__":
    unittest.main()
