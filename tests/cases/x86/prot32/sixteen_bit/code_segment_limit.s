# 16-bit code may branch with 32-bit operands, but not beyond its limit: #GP(0), and EIP stays. With a larger limit
# EIP goes beyond FFFF (Intel SDM Vol. 2A, JMP; Vol. 3, 5.3).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

expect cs, 0x60
expect rip, 0x20002
expect rcx, 0x34
expect_log 13

    put_code16
    put_descriptor 0x60, 0x0000ffff, 0x008f9b00         # 16-bit, base 0, limit 4 GiB
    mov dword ptr [0x20000 - 1], 0xf434b190             # nop, mov cl, 34, hlt
    log_faults 13
    enter_code16
    try .byte 0x66, 0xe9, 0, 0, 1, 0
    .byte 0x66, 0xea                                    # jmp 60:1ffff
    .long 0x1ffff
    .word 0x60
