"""Kernels of a few hand-assembled instructions, in the bzImage format (Linux Documentation/arch/x86/boot.rst)."""

import struct

SETUP_SECTORS = 1
ENTRY_64 = 0x200  # Offset of the 64-bit entry point in the protected-mode kernel.
HEADER_END = 0x268


def bz_image(code, *, bits_64=True, init_size=0x10000, longest_command_line=255):
    """A relocatable bzImage whose entry point is `code`."""
    setup = bytearray(512 * (SETUP_SECTORS + 1))
    kernel = b"\0" * ENTRY_64 + code if bits_64 else code.ljust(ENTRY_64 + 16, b"\0")
    kernel += b"\0" * (-len(kernel) % 16)

    def put(offset, form, *values):
        struct.pack_into("<" + form, setup, offset, *values)

    put(0x1F1, "B", SETUP_SECTORS)
    put(0x1F4, "I", len(kernel) // 16)
    put(0x1FE, "H", 0xAA55)
    put(0x200, "BB", 0xEB, HEADER_END - 0x202)
    put(0x202, "4sH", b"HdrS", 0x020F)
    put(0x211, "B", 1)  # LOADED_HIGH
    put(0x214, "I", 0x100000)
    put(0x22C, "IIBBHI", 0x7FFFFFFF, 0x1000, 1, 12, 1 if bits_64 else 0, longest_command_line)
    put(0x258, "QI", 0x1000000, init_size)
    return bytes(setup) + kernel


HALT = b"\xf4"
SPIN = b"\xeb\xfe"
DISABLE_INTERRUPTS = b"\xfa"
ENABLE_INTERRUPTS = b"\xfb"
UNDEFINED = b"\x0f\x0b"  # Without an interrupt table, a triple fault.


def out8(port, value):
    return b"\x66\xba" + struct.pack("<H", port) + b"\xb0" + bytes([value]) + b"\xee"


def out16(port, value):
    return b"\x66\xba" + struct.pack("<H", port) + b"\x66\xb8" + struct.pack("<H", value) + b"\x66\xef"


def say(text):
    return b"".join(out8(0x3F8, c) for c in text.encode())


def jump_back_over(code):
    """`code`, for ever."""
    return code + b"\xe9" + struct.pack("<i", -len(code) - 5)


POWER_OFF = out16(0x604, 0x2000)

# Sends back what comes in on the first serial port, up to and with a "q".
ECHO = (
    b"\x66\xba\xfd\x03"  # mov dx, 0x3fd: line status
    b"\xec\xa8\x01"  # in al, dx; test al, 1: data ready
    b"\x74\xfb"  # jz to the in
    b"\x66\xba\xf8\x03"  # mov dx, 0x3f8
    b"\xec\xee"  # in al, dx; out dx, al
    b"\x3c\x71"  # cmp al, 'q'
    b"\x75\xed"  # jne to the start
)
