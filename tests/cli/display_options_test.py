"""The options that say who sees a machine's screen, the command that takes a picture of it, and what goes wrong with them."""

import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

RINGER = sys.argv[1] if len(sys.argv) > 1 else "ringer"


class DisplayOptionsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name: str, contents: bytes = b"") -> str:
        path = pathlib.Path(self.folder.name) / name
        if contents:
            path.write_bytes(contents)
        return str(path)

    def assert_refused(self, words: str, *options: str, status: int = 2):
        result = subprocess.run([RINGER, *options], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        errors = result.stderr.decode()
        self.assertEqual(result.returncode, status, errors)
        self.assertRegex(errors, rf"\Aringer: [^\n]*{words}[^\n]*; [^\n]+\n\Z")

    def assert_run_refused(self, words: str, *options: str, status: int = 2):
        disk = self.path("disk.raw", bytes(512))
        self.assert_refused(words, "run", "--disk", disk, "--max-instructions", "1", *options, status=status)

    def test_displays_that_there_are_not(self):
        self.assert_run_refused("--display gtk: unknown", "--display", "gtk")
        self.assert_run_refused("takes the terminal", "--display", "text")
        self.assert_run_refused("are no terminal", "--display", "text", "--serial", "none")

    def test_one_of_them_has_the_terminal(self):
        self.assert_run_refused("which the serial port has", "--console", "stdio", "--serial", "stdio")
        self.assert_run_refused("which the console has", "--console", "stdio", "--display", "text")
        for console in ("usb", "file:"):
            self.assert_run_refused(f"--console {console}: unknown", "--console", console)
        self.assert_run_refused("is a directory", "--console", f"file:{self.folder.name}")

    def test_balloons_that_cannot_be(self):
        self.assert_run_refused("--balloon 512M: leaves the guest nothing", "--balloon", "512M")
        self.assert_run_refused("--balloon", "--balloon", "some")
        self.assert_run_refused("'poison' is unknown", "--balloon", "0,poison")
        self.assert_refused("--pid: not given", "balloon")
        self.assert_refused("is no machine that this user runs", "balloon", "--pid", "1", "64M")
        self.assert_refused("SIZE", "balloon", "--pid", "1", "some")
        disk = self.path("loop.raw", bytes([0xEB, 0xFE]).ljust(510, b"\0") + b"\x55\xaa")
        machine = subprocess.Popen(
            [RINGER, "run", "--disk", disk, "--serial", "none"], stdin=subprocess.DEVNULL
        )
        self.addCleanup(machine.wait)
        self.addCleanup(machine.kill)
        # Once it has answered anything, it is there.
        picture = self.path("screen.png")
        while subprocess.run([RINGER, "screenshot", "--pid", str(machine.pid), picture], stderr=subprocess.DEVNULL).returncode:
            pass
        self.assert_refused("has no balloon", "balloon", "--pid", str(machine.pid))

    def test_places_that_no_viewer_can_come_to(self):
        for place in ("vnc:5900", "vnc:127.0.0.1:", "vnc:127.0.0.1:0", "vnc:127.0.0.1:65536", "vnc:127.0.0.1:59x"):
            self.assert_run_refused(f"--display {place}: has no address and port", "--display", place)
        self.assert_run_refused("is no IPv4 address", "--display", "vnc:example:5900")
        self.assert_run_refused("--display web:8006: has no address and port", "--display", "web:8006")
        self.assert_run_refused("--display", "--display", "vnc:127.0.0.1:5900,colour=red")
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            self.assert_run_refused("cannot listen there", "--display", f"vnc:127.0.0.1:{port}", status=1)
            if pathlib.Path("/usr/share/novnc/core/rfb.js").exists():
                self.assert_run_refused("cannot listen there", "--display", f"web:127.0.0.1:{port}", status=1)
                self.assert_run_refused("is no IPv4 address", "--display", "web:example:8006")
            else:
                self.assert_run_refused("does not hold noVNC", "--display", "web:127.0.0.1:8006")

    def test_the_small_commands_tell_as_much_as_is_asked_for(self):
        for command in ("screenshot", "balloon"):
            self.assert_refused("--log-level loud: unknown", command, "--log-level", "loud", "--pid", "1", self.path("x"))
            self.assert_refused("--pid: not given", command, "--log-level", "debug", self.path("x"))

    def test_passwords_that_cannot_be(self):
        self.assert_run_refused("has no viewers that could know a password", "--display", "none,password-file=x")
        def refused(words: str, file: str):
            self.assert_run_refused(words, "--display", f"vnc:127.0.0.1:5999,password-file={file}")

        refused("no such file", self.path("none"))
        refused("its first line has 9 characters", self.path("long", b"ninechars\n"))
        refused("its first line has 0 characters", self.path("empty", b"\nsecret\n"))

    def test_a_bios_that_is_none(self):
        self.assert_run_refused("is no option ROM", "--firmware", "vga=" + self.path("rom", bytes(512)))
        self.assert_run_refused("is no option ROM", "--firmware", "vga=" + self.path("long", b"\x55\xaa" + bytes(510 + 65536)))
        self.assert_run_refused("no such file", "--firmware", "vga=" + self.path("none"))

    def test_screenshots_of_no_machine(self):
        file = self.path("screen.png")
        self.assert_refused("--pid: not given", "screenshot", file)
        self.assert_refused("FILE: not given", "screenshot", "--pid", "1")
        self.assert_refused("--pid x", "screenshot", "--pid", "x", file)
        self.assert_refused("is no process id", "screenshot", "--pid", str(1 << 40), file)
        self.assert_refused("is no machine that this user runs", "screenshot", "--pid", str(os.getpid()), file)
        self.assertFalse(os.path.exists(file))
        self.assert_refused("its directory does not exist", "screenshot", "--pid", "1", self.path("none") + "/screen.png")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
