"""The console on a terminal: the shell, job control, and the operator's keys."""

import os
import pty
import unittest

import ringer

PROMPT = "/root # "


class Terminal:
    """`ringer run` on a pseudo-terminal of its own."""

    def __init__(self, *options: str):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execvp(ringer.RINGER, [ringer.RINGER, "run", *options])
        self.output = ""

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def expect(self, text: str) -> str:
        """Reads up to `text`; returns what came before it."""
        while text not in self.output:
            try:
                chunk = os.read(self.terminal, 4096)
            except OSError:  # The other side is closed.
                chunk = b""
            if not chunk:
                raise AssertionError(f"ended without {text!r}; its last words: {self.output[-2000:]}")
            self.output += chunk.decode(errors="replace")
        before, self.output = self.output.split(text, 1)
        return before

    def end(self) -> int:
        """Reads to the end; the exit status."""
        try:
            while chunk := os.read(self.terminal, 4096):
                self.output += chunk.decode(errors="replace")
        except OSError:
            pass
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


class Console(unittest.TestCase):
    def sleep(self, terminal: Terminal) -> None:
        """Starts a job that sleeps in the foreground, and waits until it does."""
        terminal.type("sh -c 'echo a''sleep; exec sleep 100000'\r")
        terminal.expect("asleep")

    def test_shell_with_job_control(self):
        terminal = Terminal(*ringer.linux_options())
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
