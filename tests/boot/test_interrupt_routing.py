"""How PCI devices' interrupts reach a kernel that does without parts of what firmware tells it."""

import hashlib
import pathlib
import re
import tempfile
import unittest

import ringer

# A kernel without ACPI halts instead of powering off: the machine is ended by the debug-exit port.
ENDED = 21 << 1 | 1
CONTENTS = bytes(i * 7 & 0xFF for i in range(4096)) * 64


class InterruptRoutingTestCase(unittest.TestCase):
    def boot(self, append: str, *options: str) -> ringer.Outcome:
        commands = "cat /proc/interrupts; head -c 16 /dev/hwrng | wc -c; "
        commands += "md5sum /dev/vda; debug-exit 21"
        with tempfile.TemporaryDirectory(dir=ringer.SCRATCH) as folder:
            disk = pathlib.Path(folder) / "disk"
            disk.write_bytes(CONTENTS)
            outcome = ringer.boot(
                commands, "--disk", f"{disk},bus=virtio", "--rng", *options,
                append=append, initramfs=ringer.INITRAMFS_VIRTIO,
            )  # fmt: skip
        self.assertEqual(outcome.status, ENDED, outcome)
        self.assertIn(hashlib.md5(CONTENTS).hexdigest(), outcome.console)
        self.assertIn("\n16\n", outcome.console)
        self.assertEqual(outcome.complaints(), [])
        return outcome

    def controllers(self, outcome: ringer.Outcome) -> set[str]:
        """Those that the disk's and the entropy device's interrupts come by."""
        return set(re.findall(r"^ *[0-9]+: +[0-9]+ +(\S+) .*virtio", outcome.console, re.MULTILINE))

    def test_without_acpi(self):
        self.assertEqual(self.controllers(self.boot("acpi=off pci=nomsi")), {"XT-PIC"})
        self.boot("acpi=off pci=nomsi", "--engine", "interpreter")

    def test_without_interrupts_by_acpi(self):
        self.assertEqual(self.controllers(self.boot("acpi=noirq pci=nomsi")), {"XT-PIC"})

    def test_without_any_apic(self):
        self.assertEqual(self.controllers(self.boot("noapic nolapic pci=nomsi")), {"XT-PIC"})

    def test_without_an_io_apic(self):
        self.assertEqual(self.controllers(self.boot("noapic pci=nomsi")), {"XT-PIC"})
        self.assertEqual(self.controllers(self.boot("noapic")), {"PCI-MSI"})

    def test_without_messages(self):
        self.assertEqual(self.controllers(self.boot("pci=nomsi")), {"IO-APIC"})


if __name__ == "__main__":
    unittest.main()
