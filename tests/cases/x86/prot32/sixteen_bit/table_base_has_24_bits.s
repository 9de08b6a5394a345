# LGDT and LIDT with a 16-bit operand load 24 bits of the base, from 16-bit code and, with a prefix, from 32-bit
# code; without it all 32 (Intel SDM Vol. 2A, LGDT/LIDT).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

expect idtr_base, 0x00001000
expect idtr_limit, 0x7ff
expect gdtr_base, 0x00000600
expect gdtr_limit, 0xff
expect cs, code16
expect rax, 0x12345678

    put_code16
    mov dword ptr [0x8000], 0x567807ff
    mov dword ptr [0x8004], 0x1234
    lidt [0x8000]
    sidt [0x8010]
    mov eax, [0x8012]
    mov dword ptr [0x8000], 0x100007ff
    mov dword ptr [0x8004], 0xff00
    .byte 0x66
    lidt [0x8000]
    mov dword ptr [0x8000], 0x060000ff
    mov dword ptr [0x8004], 0x7700
    enter_code16
    lgdt [0x8000]
    hlt
