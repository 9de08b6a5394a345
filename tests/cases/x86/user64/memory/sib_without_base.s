# SIB with base 101 and mod 00 has no base register, but a displacement of 32 bits: REX.B names no R13 there, with
# either address size (Intel SDM Vol. 2A, tables 2-3 and 2-5).

given r13, 0x4000
given rcx, 4
expect rax, 0x1122334455667788
expect rdx, 0x55667788
expect rsi, 0x55667788

    .byte 0x49, 0x8b, 0x04, 0x25                # mov rax, [value], REX.B
    .long value
    .byte 0x67, 0x41, 0x8b, 0x14, 0x25          # mov edx, [value], REX.B, 32-bit address
    .long value
    .byte 0x67, 0x41, 0x8b, 0x34, 0x8d          # mov esi, [ecx * 4 + value - 16], the same
    .long value - 16
    hlt
    .balign 8
value:
    .quad 0x1122334455667788
