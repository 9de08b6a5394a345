"""The balloon: memory that a guest gives back to the host, as Debian's own driver and `ringer balloon` have it."""

import json
import re
import subprocess
import time
import unittest

import ringer

ENGINES = ("interpreter", "translator")
MIB = 1 << 20
# Has the guest use some memory, and then no longer.
FILL = "dd if=/dev/zero of=/root/large bs=1M count=150 2>/dev/null; rm /root/large"


def options(commands: str = "") -> list[str]:
    return ringer.linux_options(commands, initramfs=ringer.INITRAMFS_VIRTIO)


class Balloon(unittest.TestCase):
    def start(self, *more: str) -> ringer.Console:
        console = ringer.Console(*options(), "--memory", "256M", *more)
        self.addCleanup(console.process.kill)
        console.wait_for("/root #")
        return console

    def resident(self, console: ringer.Console) -> int:
        """How much of the host's memory the machine has."""
        with open(f"/proc/{console.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * 1024

    def state(self, console: ringer.Console, *size: str) -> dict:
        command = [ringer.RINGER, "balloon", "--pid", str(console.process.pid), "--json", *size]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    def run_there(self, console: ringer.Console, command: str) -> None:
        console.type(f"{command}; echo do''ne")
        console.wait_for("done")

    def end(self, console: ringer.Console) -> None:
        console.type("poweroff -f")
        self.assertEqual(console.end(), ringer.POWER_OFF, console.seen[-3000:])

    def test_the_host_gets_memory_back_and_the_guest_too(self):
        console = self.start("--balloon", "0,no-reporting")
        self.run_there(console, FILL)
        full = self.resident(console)
        self.assertEqual(self.state(console)["actual_bytes"], 0)
        self.state(console, "160M")
        while self.state(console)["actual_bytes"] != 160 * MIB:
            time.sleep(0.1)
        self.assertLess(self.resident(console), full - 100 * MIB)
        state = self.state(console)
        self.assertEqual(state["target_bytes"], 160 * MIB)
        self.assertGreaterEqual(state["released_bytes"], 160 * MIB)
        self.assertLess(state["statistics"]["free_bytes"], 90 * MIB)
        self.assertGreater(state["statistics"]["total_bytes"], 16 * MIB)
        self.state(console, "0")
        while self.state(console)["actual_bytes"] != 0:
            time.sleep(0.1)
        self.run_there(console, FILL)
        self.end(console)

    def test_an_idle_guests_memory_goes_back(self):
        console = self.start("--balloon", "0")
        before = self.resident(console)
        self.run_there(console, FILL)
        while self.resident(console) > before + 60 * MIB:
            time.sleep(0.1)
        self.assertGreater(self.state(console)["released_bytes"], 100 * MIB)
        self.end(console)

    def test_the_command_tells_people_too(self):
        console = self.start("--balloon", "32M")
        command = [ringer.RINGER, "balloon", "--pid", str(console.process.pid)]
        text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        self.assertRegex(text, r"(?m)^target +32\.0 MiB$")
        self.assertRegex(text, r"(?m)^guest's free +\d+\.\d MiB$")
        refused = subprocess.run([*command, "256M"], capture_output=True, check=False)
        self.assertEqual(refused.returncode, 2)
        self.assertRegex(refused.stderr, rb"\Aringer: --pid \d+: has 256 MiB of memory; [^\n]+\n\Z")
        self.end(console)

    def test_a_guest_takes_it_back_before_it_kills(self):
        commands = "dd if=/dev/zero bs=120M count=1 2>/dev/null | wc -c; cat /proc/vmstat | grep oom_kill"
        outcome = ringer.run(*options(commands), "--memory", "256M", "--balloon", "150M")
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertIn("\n125829120\noom_kill 0\n", outcome.console)

    def test_both_engines_use_it_alike(self):
        commands = FILL + "; sleep 10; seq 100000 | md5sum; dmesg | md5sum"
        outcomes = [
            ringer.run(*options(commands), "--balloon", "64M", "--clock", "virtual", "--engine", engine)
            for engine in ENGINES
        ]
        for outcome in outcomes:
            self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
            self.assertEqual(outcome.complaints(), [])
        self.assertEqual(outcomes[0].console, outcomes[1].console)
        self.assertEqual(outcomes[0].stats["digest"], outcomes[1].stats["digest"])


if __name__ == "__main__":
    unittest.main()
