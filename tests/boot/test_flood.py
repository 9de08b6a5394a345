"""Guests whose network is flooded from outside, as fast as the host can, while they work."""

import hashlib
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import unittest

import ringer

MIB = 1 << 20
# The guest works before its interface is up, and while frames pour in.
WORK = (
    "seq 300000 | md5sum; ip addr add {address}/24 dev eth0; ip link set eth0 up; seq 300000 | md5sum; sleep 3; "
    "seq 300000 | md5sum; echo received $(cat /sys/class/net/eth0/statistics/rx_packets)"
)
SUM = hashlib.md5("".join(f"{number}\n" for number in range(1, 300_001)).encode()).hexdigest()


class FloodTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=ringer.SCRATCH)
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "wire"

    def flood(self, address: str, net: str, *flood: str):
        """The guest does its work to the end, and Ringer takes no more memory than it does otherwise (64 MiB) but for its
        queues and libslirp's."""
        script = pathlib.Path(__file__).with_name("flood.py")
        flooder = subprocess.Popen([sys.executable, script, *flood])
        try:
            outcome = ringer.boot(
                WORK.format(address=address), "--net", net, "--memory", "256M", initramfs=ringer.INITRAMFS_VIRTIO
            )
        finally:
            flooder.kill()
            flooder.wait()
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertEqual(outcome.console.count(f"{SUM}  -\n"), 3, outcome)
        self.assertGreater(int(re.search(r"\nreceived (\d+)\n", outcome.console)[1]), 1000)
        overhead = outcome.stats["peak_host_memory_bytes"] - outcome.stats["guest_memory_touched_bytes"]
        self.assertLess(overhead, 80 * MIB)

    def test_a_forwarded_port_is_flooded(self):
        port = str(ringer.free_port(socket.SOCK_DGRAM))
        self.flood("10.0.2.15", f"user,hostfwd=udp:127.0.0.1:{port}-:9", "datagrams", port)

    def test_a_cable_is_flooded(self):
        self.flood("10.9.0.1", f"socket,listen=unix:{self.path}", "frames", str(self.path))


if __name__ == "__main__":
    unittest.main()
