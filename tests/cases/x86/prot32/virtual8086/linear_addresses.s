# Base plus offset in virtual-8086 mode reaches up to 10FFEF without a wrap at 1 MiB (Intel SDM Vol. 3, 20.2.1).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3
expect es, 0xffff
expect rax, 0xffff
expect_memory 0x100000, 4, 0x12345678
expect_memory 0, 4, 0

    enter_program VM|IOPL3
    mov ax, 0xffff
    mov es, ax
    mov dword ptr es:[0x10], 0x12345678
    hlt
