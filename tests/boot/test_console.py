"""The virtio console: Linux's hvc0, by Debian's own driver."""

import fcntl
import json
import pathlib
import struct
import subprocess
import tempfile
import termios
import unittest

import ringer
from terminal import Terminal

PROMPT = "/root # "
HVC0 = "console=hvc0"
LINES = 200


def options(commands: str = "", append: str = "") -> list[str]:
    return ringer.linux_options(commands, f"{HVC0} {append}", initramfs=ringer.INITRAMFS_VIRTIO)


class Console(unittest.TestCase):
    def resize(self, terminal: Terminal, columns: int, rows: int) -> None:
        fcntl.ioctl(terminal.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def test_shell_on_a_terminal_whose_size_changes(self):
        terminal = Terminal(*options(append=ringer.WARNINGS_ONLY), "--console", "stdio")
        terminal.expect(PROMPT)
        terminal.type("echo $((6*7)); tty\r")
        self.assertIn("42/dev/hvc0", terminal.expect(PROMPT).replace("\r", "").replace("\n", ""))
        self.resize(terminal, 123, 45)
        # The guest is told by an interrupt; a line from its driver's work queue says when it has heard.
        terminal.type("until stty size | grep -x '45 123'; do sleep 0.1; done\r")
        terminal.expect("\n45 123\r")
        terminal.expect(PROMPT)
        terminal.type("poweroff\r")
        self.assertEqual(terminal.end(), ringer.POWER_OFF)

    def scripted(self, engine: str) -> tuple[bytes, bytes, str]:
        """What hvc0 and the serial port say when lines come in, and the digest at the end."""
        with tempfile.TemporaryDirectory(dir=ringer.SCRATCH) as folder:
            serial, stats = pathlib.Path(folder) / "serial", pathlib.Path(folder) / "stats"
            typed = pathlib.Path(folder) / "typed"
            typed.write_bytes(b"a line to read\n" * LINES)
            commands = f"cat /sys/class/tty/console/active; seq 1000 | md5sum; head -n {LINES} | sed 's/read/& has come/'; seq 20000"
            command = [ringer.RINGER, "run", *options(commands), "--console", "stdio", "--serial", f"file:{serial}"]
            command += ["--clock", "virtual", "--engine", engine, "--stats", str(stats)]
            with open(typed, "rb") as lines:
                done = subprocess.run(command, stdin=lines, stdout=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, ringer.POWER_OFF, done.stdout[-3000:])
            return done.stdout, serial.read_bytes(), json.loads(stats.read_text())["digest"]

    def test_both_engines_use_it_alike(self):
        said = [self.scripted(engine) for engine in ("interpreter", "translator")]
        self.assertEqual(said[0], said[1])
        console, serial, _ = said[0]
        self.assertIn(b"Linux version", serial)
        self.assertIn(b"ttyS0 hvc0\r\n", console)
        self.assertIn(b"53d025127ae99ab79e8502aae2d9bea6", console)
        self.assertEqual(console.count(b"a line to read has come\r\n"), LINES)
        self.assertIn(b"19999\r\n20000\r\n", console)

    def test_a_panic_is_seen_there(self):
        outcome = ringer.run(*options("echo c >/proc/sysrq-trigger"), "--console", "stdio", "--serial", "none")
        self.assertEqual(outcome.status, ringer.PANIC, outcome)
        self.assertIn("Kernel panic", outcome.console)

    def test_it_can_lead_to_a_file(self):
        with tempfile.TemporaryDirectory(dir=ringer.SCRATCH) as folder:
            file = pathlib.Path(folder) / "console"
            # By the host's clock, a message of the kernel's might come in between.
            outcome = ringer.run(*options("seq 100000"), "--console", f"file:{file}", "--clock", "virtual")
            self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
            numbers = [int(line) for line in file.read_bytes().split(b"\r\n") if line.isdigit()]
            self.assertEqual(numbers, list(range(1, 100001)))


if __name__ == "__main__":
    unittest.main()
