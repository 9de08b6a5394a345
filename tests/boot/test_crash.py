"""Ringer is killed at a random moment while its guest writes: what the guest was told is on the disk must be there.

RINGER_CRASH_ROUNDS says how often; `make crash` gives 50."""

import os
import pathlib
import random
import re
import subprocess
import tempfile
import time
import unittest

import ringer

ROUNDS = int(os.environ.get("RINGER_CRASH_ROUNDS", "3"))
# What a file holds follows from its number, which is all that the test needs to know of it.
WRITE_FILES = (
    "mount -t ext4 /dev/vda /tmp; i=0; while true; do "
    "seq $i $((i + 1000)) >/tmp/file$i; sync; echo synced=$i; i=$((i + 1)); done"
)


def contents(number: int) -> bytes:
    return "".join(f"{line}\n" for line in range(number, number + 1001)).encode()


class CrashTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=ringer.SCRATCH)
        self.addCleanup(folder.cleanup)
        self.disk = str(pathlib.Path(folder.name) / "disk")

    def tool(self, *command: str) -> subprocess.CompletedProcess:
        environment = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
        return subprocess.run(command, capture_output=True, check=False, env=environment)

    def test_what_was_synced_is_there_after_a_crash(self):
        for number in range(ROUNDS):
            with self.subTest(round=number):
                self.crash_once(random.uniform(0, 3))

    def test_what_was_synced_to_an_overlay_is_there_after_a_crash(self):
        base, overlay = self.disk, self.disk + ".cow"
        for number in range(ROUNDS):
            with self.subTest(round=number):
                pathlib.Path(overlay).unlink(missing_ok=True)
                self.disk = base
                self.crash_once(random.uniform(0, 3), overlay)

    def flatten(self, overlay: str):
        """Makes the disk what the guest has seen, as soon as the server of the overlay has ended."""
        self.disk += ".whole"
        while self.tool("qemu-img", "check", "-f", "qcow2", overlay).returncode == 1:
            time.sleep(0.1)
        done = self.tool("qemu-img", "convert", "-f", "qcow2", "-O", "raw", overlay, self.disk)
        self.assertEqual(done.returncode, 0, done.stderr)

    def crash_once(self, delay: float, overlay: str = ""):
        pathlib.Path(self.disk).write_bytes(b"")
        os.truncate(self.disk, 64 << 20)
        self.assertEqual(self.tool("mke2fs", "-q", "-t", "ext4", self.disk).returncode, 0)
        options = ringer.linux_options(WRITE_FILES, initramfs=ringer.INITRAMFS_VIRTIO)
        disk = f"{self.disk},bus=virtio" + (f",overlay={overlay}" if overlay else "")
        console = ringer.Console(*options, "--disk", disk)
        console.wait_for("synced=0")
        time.sleep(delay)
        console.kill()
        if overlay:
            self.flatten(overlay)
        # The last line may be cut off.
        synced = [int(each) for each in re.findall(r"synced=(\d+)\r", console.seen)]
        self.check(max(synced, default=0), f"killed after {delay:.3f} s:\n{console.seen[-2000:]}")

    def check(self, last: int, circumstances: str):
        replay = self.tool("e2fsck", "-p", self.disk)
        self.assertIn(replay.returncode, (0, 1), f"{replay.stdout}\n{circumstances}")
        check = self.tool("e2fsck", "-f", "-n", self.disk)
        self.assertEqual(check.returncode, 0, f"{check.stdout}\n{circumstances}")
        with tempfile.TemporaryDirectory(dir=ringer.SCRATCH) as folder:
            self.tool("debugfs", "-R", f"rdump / {folder}", self.disk)
            for number in range(last + 1):
                found = (pathlib.Path(folder) / f"file{number}").read_bytes()
                self.assertEqual(found, contents(number), f"file{number} of {last}\n{circumstances}")


if __name__ == "__main__":
    unittest.main()
