#!/usr/bin/env python3
"""Extracts the ELF vmlinux from a bzImage whose payload is compressed with LZ4, as Debian's is.

usage: extract_vmlinux.py BZIMAGE VMLINUX

The header's payload_offset and payload_length say where the compressed kernel lies (Linux
Documentation/arch/x86/boot.rst). The payload ends with the size of its contents, which lz4 is not to see.
"""

import struct
import subprocess
import sys

LZ4_LEGACY_MAGIC = bytes.fromhex("02214c18")


def payload(image: bytes) -> bytes:
    if image[0x202:0x206] != b"HdrS":
        raise ValueError("no Linux kernel: the signature HdrS is missing")
    setup_sectors = image[0x1F1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sectors + 1) * 512 + offset
    return image[start : start + length]


def extract(image: bytes) -> bytes:
    compressed = payload(image)
    if not compressed.startswith(LZ4_LEGACY_MAGIC):
        raise ValueError("the kernel is not compressed with LZ4")
    (size,) = struct.unpack_from("<I", compressed, len(compressed) - 4)
    # The legacy format has no end mark: what follows its last block is the size.
    lz4 = subprocess.run(["lz4", "-dc"], input=compressed[:-4], stdout=subprocess.PIPE, check=True)
    if len(lz4.stdout) != size or not lz4.stdout.startswith(b"\x7fELF"):
        raise ValueError(f"{len(lz4.stdout)} bytes came out instead of an ELF file of {size}")
    return lz4.stdout


def main() -> None:
    source, destination = sys.argv[1:]
    with open(source, "rb") as file:
        vmlinux = extract(file.read())
    with open(destination, "wb") as file:
        file.write(vmlinux)


if __name__ == "__main__":
    main()
