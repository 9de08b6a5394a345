"""The screen and the keyboard: what firmware and Debian show, as a picture and as text, and keys that reach them."""

import os
import pathlib
import socket
import struct
import subprocess
import tempfile
import unittest
import zlib

import ringer
import tiny_kernel
from terminal import Terminal

DISK = os.environ.get("RINGER_DISK", "")
FIRMWARE = "vga=/usr/share/seabios/vgabios-stdvga.bin"

# Shows a screen of 640 x 400 pixels in blue, of 32 bits each, whose first one is red, and ends with the first byte
# from the keyboard.
DRAWS_AND_READS_A_KEY = """
.macro dispi index, value
    mov dx, 0x1ce
    mov ax, \\index
    out dx, ax
    inc dx
    mov ax, \\value
    out dx, ax
.endm
.macro port number, value
    mov dx, \\number
    mov al, \\value
    out dx, al
.endm
    port 0x3c2, 0x63
    port 0x3c0, 0x20
    dispi 1, 640
    dispi 2, 400
    dispi 3, 32
    dispi 4, 0x41
    xor ebx, ebx
bank:
    dispi 5, bx
    mov edi, 0xa0000
    mov ecx, 0x4000
    mov eax, 0x0000ff
    rep stosd
    inc ebx
    cmp ebx, 16
    jne bank
    dispi 5, 0
    mov dword ptr [0xa0000], 0xff0000
    port 0x64, 0x60
    port 0x60, 0x40
    mov dx, 0x3f8
    mov al, 'k'
    out dx, al
read_key:
    in al, 0x64
    test al, 1
    jz read_key
    in al, 0x60
    out 0xf4, al
1:  jmp 1b
"""


# Enables the mouse, and ends with how far to the right its first movement goes.
READS_THE_MOUSE = """
.macro port number, value
    mov dx, \\number
    mov al, \\value
    out dx, al
.endm
.macro receive
1:  in al, 0x64
    test al, 1
    jz 1b
    in al, 0x60
.endm
    port 0x64, 0xa8
    port 0x64, 0xd4
    port 0x60, 0xf4
2:  receive
    cmp al, 0xfa
    jne 2b
    port 0x3f8, 'm'
    receive
    receive
    out 0xf4, al
1:  jmp 1b
"""


def decoded(png: bytes) -> list[bytes]:
    """The lines of a PNG file with 8 bits for each of red, green and blue."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:8]
    chunks, at = {}, 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        kind = png[at + 4 : at + 8]
        chunks[kind] = chunks.get(kind, b"") + png[at + 8 : at + 8 + size]
        at += size + 12
    width, height = (int.from_bytes(chunks[b"IHDR"][i : i + 4], "big") for i in (0, 4))
    raw, stride = zlib.decompress(chunks[b"IDAT"]), 3 * width
    lines = [bytes(stride)]
    for number in range(height):
        kind, *coded = raw[number * (stride + 1) : (number + 1) * (stride + 1)]
        lines.append(unfiltered(kind, coded, lines[-1]))
    return lines[1:]


def unfiltered(kind: int, coded: list[int], above: bytes) -> bytes:
    """One line of a PNG, whose pixels have three bytes (PNG specification, chapter 9)."""
    line = bytearray()
    for i, byte in enumerate(coded):
        left, up, corner = (line[i - 3] if i >= 3 else 0), above[i], (above[i - 3] if i >= 3 else 0)
        estimate = left + up - corner
        nearest = min((left, up, corner), key=lambda each: abs(estimate - each))
        line.append((byte + (0, left, up, (left + up) // 2, nearest)[kind]) & 0xFF)
    return bytes(line)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Viewer:
    """A VNC client (RFC 6143) that takes pictures as they are."""

    RAW, DESKTOP_SIZE = 0, -223

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.take(12)
        self.socket.sendall(b"RFB 003.008\n")
        kinds = self.take(self.take(1)[0])
        if 1 not in kinds:
            # A wrong answer to the challenge.
            self.socket.sendall(b"\x02")
            self.take(16)
            self.socket.sendall(bytes(16))
            refused = self.take(4) != bytes(4)
            self.close()
            raise PermissionError if refused else AssertionError("let in with a wrong password")
        self.socket.sendall(b"\x01")
        assert self.take(4) == bytes(4)
        self.socket.sendall(b"\x01")
        self.width, self.height = struct.unpack(">HH", self.take(4))
        self.take(16)
        self.take(struct.unpack(">I", self.take(4))[0])
        # 32 bits a pixel, little-endian, 0x00RRGGBB.
        self.socket.sendall(struct.pack(">B3xBBBBHHHBBB3x", 0, 32, 24, 0, 1, 255, 255, 255, 16, 8, 0))
        self.socket.sendall(struct.pack(">BxHii", 2, 2, self.RAW, self.DESKTOP_SIZE))

    def take(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise ConnectionError
            data += more
        return data

    def update(self) -> dict[int, bytes]:
        """One update of the whole picture: its rectangles by their kind, of the last of each."""
        self.socket.sendall(struct.pack(">BBHHHH", 3, 0, 0, 0, self.width, self.height))
        kind, count = struct.unpack(">BxH", self.take(4))
        assert kind == 0, kind
        rectangles = {}
        for _ in range(count):
            _, _, width, height, encoding = struct.unpack(">HHHHi", self.take(12))
            if encoding == self.DESKTOP_SIZE:
                self.width, self.height = width, height
            rectangles[encoding] = self.take(4 * width * height) if encoding == self.RAW else b""
        return rectangles

    def wait_for_size(self, width: int, height: int) -> None:
        while (self.width, self.height) != (width, height):
            self.update()

    def pixels(self) -> tuple[int, ...]:
        """Of a picture that is complete: the machine shows it from the beginning."""
        while True:
            contents = self.update().get(self.RAW, b"")
            pixels = struct.unpack(f"<{len(contents) // 4}I", contents)
            if len(pixels) == self.width * self.height and any(pixels):
                return pixels

    def key(self, keysym: int) -> None:
        for down in (1, 0):
            self.socket.sendall(struct.pack(">BBxxI", 4, down, keysym))

    def point(self, x: int, y: int) -> None:
        self.socket.sendall(struct.pack(">BBHH", 5, 0, x, y))

    def close(self) -> None:
        self.socket.close()


class DisplayFixture(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=ringer.SCRATCH)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def screenshot(self, pid: int) -> list[bytes]:
        file = self.folder / "screen.png"
        subprocess.run([ringer.RINGER, "screenshot", "--pid", str(pid), str(file)], check=True)
        return decoded(file.read_bytes())

    def start(self, *options: str, until: bytes = b"") -> subprocess.Popen:
        """A machine in the background, which has sent `until` by its serial port."""
        machine = subprocess.Popen(
            [ringer.RINGER, "run", *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        self.addCleanup(machine.stdout.close)
        self.addCleanup(machine.wait)
        self.addCleanup(machine.terminate)
        seen = b""
        while until not in seen:
            more = os.read(machine.stdout.fileno(), 4096)
            self.assertTrue(more, seen)
            seen += more
        return machine


class DisplayTestCase(DisplayFixture):
    def test_firmware_is_seen_in_a_screenshot(self):
        # The serial port and the screen say the same.
        machine = self.start("--firmware", FIRMWARE, "--clock", "virtual", until=b"No bootable device.")
        lines = self.screenshot(machine.pid)
        self.assertEqual((len(lines[0]) // 3, len(lines)), (720, 400))
        rows = [b"".join(lines[16 * row : 16 * row + 16]) for row in range(25)]
        self.assertIn(b"\xaa\xaa\xaa", rows[0], "light gray letters")
        self.assertNotIn(b"\xaa\xaa\xaa", rows[24], "and nothing further down")

    def test_viewers_see_the_same_and_type(self):
        kernel = tiny_kernel.make("draws", DRAWS_AND_READS_A_KEY)
        port = free_port()
        machine = self.start("--kernel", kernel, "--display", f"vnc:127.0.0.1:{port}", until=b"k")
        viewers = [Viewer(port), Viewer(port)]
        for viewer in viewers:
            viewer.wait_for_size(640, 400)
            pixels = viewer.pixels()
            self.assertEqual(pixels[0], 0xFF0000)
            self.assertEqual(set(pixels[1:]), {0x0000FF})
        lines = self.screenshot(machine.pid)
        self.assertEqual(lines[0][:6], b"\xff\0\0\0\0\xff")
        viewers[1].key(ord("a"))
        self.assertEqual(machine.wait(), 0x1E << 1 | 1)
        for viewer in viewers:
            viewer.close()

    def test_the_mouse_follows_a_viewers_pointer(self):
        kernel = tiny_kernel.make("mouse", READS_THE_MOUSE)
        port = free_port()
        machine = self.start("--kernel", kernel, "--display", f"vnc:127.0.0.1:{port}", until=b"m")
        viewer = Viewer(port)
        viewer.point(37, 0)
        self.assertEqual(machine.wait(), 37 << 1 | 1)
        viewer.close()

    def test_viewers_must_know_the_password(self):
        port = free_port()
        password = self.folder / "password"
        password.write_text("secret\n")
        kernel = tiny_kernel.make("draws", DRAWS_AND_READS_A_KEY)
        self.start("--kernel", kernel, "--display", f"vnc:127.0.0.1:{port},password-file={password}", until=b"k")
        with self.assertRaises(PermissionError):
            Viewer(port)

    def test_firmware_is_seen_as_text(self):
        terminal = Terminal("--firmware", FIRMWARE, "--serial", "none", "--display", "text")
        terminal.expect("SeaBIOS")
        terminal.expect("bootable")
        terminal.type("\x01x")
        self.assertEqual(terminal.end(), 0)

    def test_debian_is_used_by_screen_and_keyboard(self):
        disk = self.folder / "disk.raw"
        subprocess.run(["cp", "--sparse=always", "--reflink=auto", DISK, disk], check=True)
        terminal = Terminal(
            "--disk", str(disk), "--serial", "none", "--display", "text", "--on-reset", "end", "--timeout", "5m"
        )
        terminal.expect("login:")
        terminal.type("root\r")
        terminal.expect("root@")
        terminal.type("stty -a >/root/Size.of_it; echo 'It was [typed]' >>/root/Size.of_it; poweroff\r")
        self.assertEqual(terminal.end(), ringer.POWER_OFF, terminal.output[-2000:])
        contents = disk.read_bytes()
        self.assertIn(b"It was [typed]\n", contents)
        self.assertIn(b"rows 25; columns 80;", contents)


if __name__ == "__main__":
    unittest.main()
