"""Cables between machines: two Ringers, and Ringer and QEMU, with a socket between them."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

import ringer

SIZE = 3_000_000
QEMU = shutil.which("qemu-system-x86_64")


def options(commands: str, address: str) -> list[str]:
    commands = f"ip addr add {address}/24 dev eth0; ip link set eth0 up; {commands}"
    return ringer.linux_options(commands, initramfs=ringer.INITRAMFS_VIRTIO)


def carrier(wanted: int) -> str:
    """The kernel shows its command line, so that has not the words that are told."""
    return f"x={wanted}; until [ $(cat /sys/class/net/eth0/carrier) = $x ]; do sleep 0.1; done; echo carrier is $x"


# Gives a file to the first who asks; takes one, with its sum. Who gives must stay until all of it has arrived.
GIVE = f"head -c {SIZE} /dev/urandom >file; md5sum file; nc -l -p 2000 -e cat file"
TAKE = "until nc 10.9.0.1 2000 >file && [ -s file ]; do sleep 0.1; done; md5sum file"
PING = "until ping -c 1 -W 1 10.9.0.1 >/dev/null; do true; done; ping -c 5 -s 1400 10.9.0.1"


class CableTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=ringer.SCRATCH)
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "wire"

    def start(self, commands: str, address: str, *more: str) -> ringer.Console:
        return ringer.Console(*options(commands, address), *more)

    def finish(self, *consoles: ringer.Console):
        for console in consoles:
            self.assertEqual(console.end(), ringer.POWER_OFF, console.seen[-3000:])

    def sum_of_file(self, console: str) -> str:
        return next(line.split()[0] for line in console.splitlines() if line.endswith("  file"))

    def connect(self, listen: str, connect: str, *more: str):
        giver = self.start(f"{GIVE}; {carrier(0)}", "10.9.0.1", "--net", f"socket,listen={listen}", *more)
        taker = self.start(f"{PING}; {TAKE}", "10.9.0.2", "--net", f"socket,connect={connect}", *more)
        self.finish(taker, giver)
        self.assertIn("5 packets transmitted, 5 packets received", taker.seen)
        self.assertEqual(self.sum_of_file(taker.seen), self.sum_of_file(giver.seen))

    def test_two_machines(self):
        port = ringer.free_port()
        self.connect(f":{port}", f"127.0.0.1:{port}")

    def test_two_machines_interpreted(self):
        self.connect(f"unix:{self.path}", f"unix:{self.path}", "--engine", "interpreter")

    def test_a_cable_is_pulled_out_and_plugged_in_again(self):
        """The listener sees it, and gets along with whoever comes next."""
        wire = f"unix:{self.path}"
        listener = self.start(
            f"{carrier(0)}; {carrier(1)}; {carrier(0)}; {carrier(1)}; {carrier(0)}",
            "10.9.0.1", "--net", f"socket,listen={wire}",
        )  # fmt: skip
        listener.wait_for("carrier is 0")
        for _ in range(2):
            connector = self.start(PING, "10.9.0.2", "--net", f"socket,connect={wire}")
            listener.wait_for("carrier is 1")
            self.finish(connector)
            self.assertIn("5 packets transmitted, 5 packets received", connector.seen)
            listener.wait_for("carrier is 0")
        self.finish(listener)
        self.assertFalse(self.path.exists())

    def test_a_connector_says_that_nobody_answers(self):
        """It waits for the listener, and the guest sees no carrier."""
        wire = f"socket,connect=unix:{self.path}"
        outcome = ringer.run(*options("cat /sys/class/net/eth0/carrier", "10.9.0.2"), "--net", wire)
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertIn("\n0\n", outcome.console)
        self.assertEqual(
            outcome.errors,
            f"ringer: --net {wire}: nobody answers there (no such file or directory); trying again until somebody does\n",
        )

    def qemu(self, commands: str, address: str, netdev: str) -> subprocess.Popen:
        kernel = options(commands, address)
        names = {"--kernel": "-kernel", "--initrd": "-initrd", "--append": "-append"}
        return subprocess.Popen(
            [QEMU, "-accel", "tcg", "-m", "512", "-display", "none", "-serial", "stdio", "-no-reboot",
             *(names.get(each, each) for each in kernel),
             "-netdev", f"{netdev},id=wire", "-device", "virtio-net-pci,netdev=wire,mac=52:54:00:00:00:01"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    @unittest.skipUnless(QEMU, "qemu-system-x86_64 is not installed")
    def test_qemu_connects(self):
        port = ringer.free_port()
        wire = f"127.0.0.1:{port}"
        giver = self.start(f"{carrier(1)}; {GIVE}; {carrier(0)}", "10.9.0.1", "--net", f"socket,listen={wire}")
        taker = self.qemu(f"{PING}; {TAKE}", "10.9.0.2", f"socket,connect={wire}")
        console = taker.communicate()[0]
        self.assertIn("5 packets transmitted, 5 packets received", console)
        self.finish(giver)
        self.assertEqual(self.sum_of_file(console), self.sum_of_file(giver.seen))

    @unittest.skipUnless(QEMU, "qemu-system-x86_64 is not installed")
    def test_qemu_listens(self):
        giver = self.qemu(f"{GIVE}; sleep 1", "10.9.0.1", f"stream,server=on,addr.type=unix,addr.path={self.path}")
        taker = self.start(f"{PING}; {TAKE}", "10.9.0.2", "--net", f"socket,connect=unix:{self.path}")
        self.finish(taker)
        console = giver.communicate()[0]
        self.assertIn("5 packets transmitted, 5 packets received", taker.seen)
        self.assertEqual(self.sum_of_file(taker.seen), self.sum_of_file(console))


if __name__ == "__main__":
    unittest.main()
