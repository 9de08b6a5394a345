"""Makes kernels of a few instructions in the form of a bzImage (Linux Documentation/arch/x86/boot.rst)."""

import pathlib
import struct
import subprocess
import tempfile

import ringer

LOADED_HIGH = 1
KERNEL_64 = 1
LOAD_ADDRESS = 0x100000
ENTRY_64 = 0x200  # The 64-bit entry point lies this far behind the 32-bit one.


def assemble(source: str, address: int = LOAD_ADDRESS) -> bytes:
    """What `source` is at this address."""
    with tempfile.TemporaryDirectory(dir=ringer.SCRATCH) as folder:
        path = pathlib.Path(folder)
        (path / "kernel.s").write_text(source)
        subprocess.run(["as", "--64", "-o", path / "kernel.o", path / "kernel.s"], check=True)
        link = ["ld", "-N", "--no-warn-rwx-segments", "-e", "0", f"-Ttext={address:#x}"]
        subprocess.run([*link, "-o", path / "kernel.elf", path / "kernel.o"], check=True)
        subprocess.run(["objcopy", "-O", "binary", path / "kernel.elf", path / "kernel.bin"], check=True)
        return (path / "kernel.bin").read_bytes()


def make(name: str, code: str, code_32: str = "ud2") -> str:
    """A bzImage whose entry points run `code` (64-bit) and `code_32`, in Intel syntax. Returns its path."""
    payload = assemble(
        f".intel_syntax noprefix\n.code32\n{code_32}\n.org {ENTRY_64}\n.code64\n{code}\n.balign 16\n"
    )
    setup = bytearray(2 * 512)
    setup[0x1F1] = 1  # setup_sects
    struct.pack_into("<I", setup, 0x1F4, len(payload) // 16)  # syssize
    struct.pack_into("<H", setup, 0x1FE, 0xAA55)  # boot_flag
    setup[0x200:0x202] = bytes([0xEB, 0x66])  # jump: its offset tells the length of the header
    setup[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", setup, 0x206, 0x020F)  # version
    setup[0x211] = LOADED_HIGH
    struct.pack_into("<I", setup, 0x214, LOAD_ADDRESS)  # code32_start
    struct.pack_into("<I", setup, 0x22C, 0x7FFFFFFF)  # initrd_addr_max
    struct.pack_into("<I", setup, 0x230, 0x1000)  # kernel_alignment
    struct.pack_into("<H", setup, 0x236, KERNEL_64)  # xloadflags
    struct.pack_into("<I", setup, 0x238, 255)  # cmdline_size
    struct.pack_into("<Q", setup, 0x258, LOAD_ADDRESS)  # pref_address
    struct.pack_into("<I", setup, 0x260, 0x10000)  # init_size
    path = ringer.SCRATCH / f"{name}.bzImage"
    path.write_bytes(setup + payload)
    return str(path)
