# Base plus offset does not wrap at 1 MiB: FFFF:0010 is linear 100000, and FFFF:FFFF is 10FFEF (Intel SDM Vol. 3,
# 20.1.1).

expect ds, 0xffff
expect rax, 0xffff
expect_memory 0x100000, 4, 0x12345678
expect_memory 0x10ffef, 1, 0x5a
expect_memory 0, 4, 0x500               # the vector of #DE

    mov ax, 0xffff
    mov ds, ax
    mov dword ptr [0x10], 0x12345678
    mov byte ptr [0xffff], 0x5a
    hlt
