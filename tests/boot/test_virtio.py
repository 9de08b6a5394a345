"""Virtio devices, by Debian's own drivers, from an initramfs that loads them."""

import pathlib
import subprocess
import tempfile
import unittest

import ringer

ENGINES = ("interpreter", "translator")


def boot(commands: str, *options: str) -> ringer.Outcome:
    return ringer.boot(commands, *options, initramfs=ringer.INITRAMFS_VIRTIO)


class VirtioTestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=ringer.SCRATCH)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def disk(self, name: str) -> pathlib.Path:
        path = self.folder / name
        path.write_bytes(bytes(i * 7 & 0xFF for i in range(4096)) * 1024)
        return path

    def test_both_engines_use_a_disk_alike(self):
        commands = "cat /sys/block/vda/serial; md5sum /dev/vda; seq 200000 >/root/numbers; "
        commands += "dd if=/root/numbers of=/dev/vda bs=4k seek=100 conv=fsync 2>/dev/null; "
        commands += "echo 3 >/proc/sys/vm/drop_caches; md5sum /dev/vda; blkdiscard -o 8192 -l 4096 /dev/vda; "
        commands += "cat /sys/block/vda/queue/write_cache /sys/block/vda/queue/discard_max_bytes"
        disks = [self.disk(engine) for engine in ENGINES]
        options = ["--clock", "virtual", "--engine"]
        outcomes = [
            boot(commands, *options, engine, "--disk", f"{disk},bus=virtio") for engine, disk in zip(ENGINES, disks)
        ]
        for outcome in outcomes:
            self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
            self.assertIn("\nRINGER-DISK-0", outcome.console)
            self.assertIn("\nwrite back\n", outcome.console)
            self.assertEqual(outcome.complaints(), [])
        self.assertEqual(outcomes[0].console, outcomes[1].console)
        self.assertEqual(outcomes[0].stats["digest"], outcomes[1].stats["digest"])
        contents = [disk.read_bytes() for disk in disks]
        self.assertEqual(contents[0], contents[1])
        self.assertEqual(contents[0][409600:409606], b"1\n2\n3\n")

    def test_a_disk_that_is_read_only(self):
        disk = self.disk("disk")
        before = disk.read_bytes()
        outcome = boot(
            "cat /sys/block/vda/ro; ! echo x >/dev/vda; ! blkdiscard /dev/vda; md5sum /dev/vda",
            "--disk", f"{disk},bus=virtio,readonly",
        )  # fmt: skip
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertIn("\n1\n", outcome.console)
        self.assertEqual(disk.read_bytes(), before)

    def test_both_engines_use_an_overlay_alike(self):
        disk = self.disk("disk.raw")
        before = disk.read_bytes()
        commands = "md5sum /dev/vda; seq 200000 >/root/numbers; "
        commands += "dd if=/root/numbers of=/dev/vda bs=4k seek=100 conv=fsync 2>/dev/null; "
        commands += "blkdiscard -o 8192 -l 4096 /dev/vda; echo 3 >/proc/sys/vm/drop_caches; md5sum /dev/vda"
        outcomes, contents = [], []
        for engine in ENGINES:
            overlay, whole = self.folder / f"{engine}.cow", self.folder / engine
            options = ["--clock", "virtual", "--engine", engine]
            outcomes.append(boot(commands, *options, "--disk", f"{disk},overlay={overlay},bus=virtio"))
            self.assertEqual(outcomes[-1].status, ringer.POWER_OFF, outcomes[-1])
            subprocess.run(["qemu-img", "convert", "-f", "qcow2", "-O", "raw", overlay, whole], check=True)
            contents.append(whole.read_bytes())
        self.assertEqual(disk.read_bytes(), before)
        self.assertEqual(outcomes[0].console, outcomes[1].console)
        self.assertEqual(outcomes[0].stats["digest"], outcomes[1].stats["digest"])
        self.assertEqual(contents[0], contents[1])
        self.assertEqual(contents[0][409600:409606], b"1\n2\n3\n")

    def test_many_disks(self):
        options = []
        for number in range(16):
            path = self.folder / f"disk{number}"
            path.write_bytes(bytes([ord("a") + number]) * 512)
            options += ["--disk", f"{path},bus=virtio"]
        outcome = boot("for disk in /dev/vd?; do head -c 1 $disk; done; echo .", *options)
        self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
        self.assertIn("abcdefghijklmnop.", outcome.console)

    def test_random_numbers_repeat_with_the_virtual_clock(self):
        commands = "cat /sys/class/misc/hw_random/rng_current; head -c 100 /dev/hwrng | md5sum"
        outcomes = [boot(commands, "--clock", "virtual", "--rng", "--engine", engine) for engine in ENGINES]
        for outcome in outcomes:
            self.assertEqual(outcome.status, ringer.POWER_OFF, outcome)
            self.assertIn("\nvirtio_rng.0\n", outcome.console)
        self.assertEqual(outcomes[0].console, outcomes[1].console)
        self.assertEqual(outcomes[0].stats["digest"], outcomes[1].stats["digest"])

    def test_random_numbers_of_the_host(self):
        consoles = [boot("head -c 100 /dev/hwrng | md5sum", "--rng").console for _ in range(2)]
        sums = [[line for line in console.splitlines() if line.endswith("  -")] for console in consoles]
        self.assertEqual([len(each) for each in sums], [1, 1], consoles)
        self.assertNotEqual(sums[0], sums[1])


if __name__ == "__main__":
    unittest.main()
