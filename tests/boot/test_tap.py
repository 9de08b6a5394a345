"""Tap devices of the host, in a network namespace of the test's own."""

import base64
import hashlib
import os
import re
import subprocess
import unittest

import http_server
import network_namespace
import ringer

SIZE = 3_000_000
SETTLE = "ip addr add 10.9.0.2/24 dev eth0; ip link set eth0 up"


def setUpModule():
    network_namespace.enter()


def ip(*words: str) -> str:
    return network_namespace.ip(*words)


class TapTestCase(unittest.TestCase):
    def add_tap(self, name: str, *more: str):
        ip("tuntap", "add", name, "mode", "tap", *more)
        self.addCleanup(ip, "tuntap", "del", name, "mode", "tap")

    def add_tap_with_address(self):
        self.add_tap("tap0")
        ip("addr", "add", "10.9.0.1/24", "dev", "tap0")
        ip("link", "set", "tap0", "up")

    def boot(self, commands: str, *options: str) -> ringer.Outcome:
        return ringer.boot(f"{SETTLE}; {commands}", *options, initramfs=ringer.INITRAMFS_VIRTIO)

    def fetch(self, *options: str):
        """The guest gives and takes a file, most of it in segments of more than a packet's size."""
        self.add_tap_with_address()
        with http_server.OneFileServer("10.9.0.1", os.urandom(SIZE)) as server:
            outcome = self.boot(
                f"ping -c 3 -s 1400 10.9.0.1; wget -q -O file {server.url}; md5sum file; "
                f"base64 file >text; wget -q -O - --post-file=text {server.url}; "
                "cd /sys/class/net/eth0/statistics; echo packets: $(cat rx_packets tx_packets)",
                "--net", "tap,interface=tap0", *options,
            )  # fmt: skip
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertIn("3 packets transmitted, 3 packets received", outcome.console)
        self.assertIn(f"\n{hashlib.md5(server.contents).hexdigest()}  file", outcome.console)
        packets = re.search(r"\npackets: (\d+) (\d+)\n", outcome.console)
        for count in packets.groups():
            self.assertLess(int(count), SIZE / 1500)
        self.assertEqual(base64.b64decode(server.received), server.contents)

    def test_the_guest_and_the_host_give_and_take(self):
        self.fetch()

    def test_the_guest_and_the_host_give_and_take_interpreted(self):
        self.fetch("--engine", "interpreter")

    def test_the_guest_learns_the_mtu(self):
        self.add_tap_with_address()
        ip("link", "set", "tap0", "mtu", "9000")
        outcome = self.boot("cat /sys/class/net/eth0/mtu; ping -c 3 -s 8000 10.9.0.1", "--net", "tap,interface=tap0")
        self.assertIn("\n9000\n", outcome.console)
        self.assertIn("3 packets transmitted, 3 packets received", outcome.console)

    def test_a_tap_device_that_ringer_makes(self):
        commands = f"{SETTLE}; until ping -c 1 -W 1 10.9.0.1 >/dev/null; do true; done; echo; echo reached"
        options = ringer.linux_options(commands, initramfs=ringer.INITRAMFS_VIRTIO)
        console = ringer.Console(*options, "--net", "tap,interface=made0")
        console.wait_for("Linux version")
        self.assertIn("UP", ip("link", "show", "made0"))
        ip("addr", "add", "10.9.0.1/24", "dev", "made0")
        console.wait_for("\nreached")
        self.assertEqual(console.end(), ringer.POWER_OFF, console.seen[-3000:])
        self.assertNotIn("made0", ip("link"))

    def test_a_tap_device_that_is_removed(self):
        """The guest's cable is out then."""
        commands = f"{SETTLE}; echo; echo here; until [ $(cat /sys/class/net/eth0/carrier) = 0 ]; do sleep 0.1; done"
        options = ringer.linux_options(commands, initramfs=ringer.INITRAMFS_VIRTIO)
        console = ringer.Console(*options, "--net", "tap,interface=made0")
        console.wait_for("\nhere")
        ip("link", "del", "made0")
        self.assertEqual(console.end(), ringer.POWER_OFF, console.seen[-3000:])

    def refuse(self, name: str, words: str, **options):
        """One line on standard error, and nothing is run."""
        outcome = ringer.boot("true", "--net", f"tap,interface={name}", **options)
        self.assertNotIn("Linux version", outcome.console)
        self.assertRegex(outcome.errors, rf"\Aringer: --net tap,interface={name}: [^\n]*{re.escape(words)}[^\n]*\n\Z")
        self.assertIn(outcome.status, (1, 2))

    def test_one_that_is_in_use(self):
        self.add_tap_with_address()
        options = ringer.linux_options("echo; echo here; read line", initramfs=ringer.INITRAMFS_VIRTIO)
        console = ringer.Console(*options, "--net", "tap,interface=tap0")
        console.wait_for("\nhere")
        self.refuse("tap0", "is in use by another program; give another interface")
        console.type("end")
        self.assertEqual(console.end(), ringer.POWER_OFF, console.seen[-3000:])

    def test_one_that_is_not_ones_own(self):
        """The error tells what root is to do."""
        self.add_tap("tap0", "user", "root")
        nobody = 65534
        command = [ringer.RINGER, "run", *ringer.linux_options(), "--net", "tap,interface=tap0"]
        try:
            done = subprocess.run(command, user=nobody, group=nobody, capture_output=True, text=True, check=False)
        except OSError as error:
            self.skipTest(f"this user cannot be another: {error}")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(
            done.stderr,
            r"\Aringer: --net tap,interface=tap0: [^\n]*; as root, run: "
            r"(chmod 666 /dev/net/tun|ip tuntap del tap0 mode tap && "
            r"ip tuntap add tap0 mode tap user \w+ && ip link set tap0 up)\n\Z",
        )

    def test_what_is_no_tap_device(self):
        self.refuse("lo", "is no tap device, or one of several queues; give another interface")


if __name__ == "__main__":
    unittest.main()
