# MOV to and from debug and control registers ignores the mod field: the other operand is a register even where ModRM would
# name memory, and no SIB or displacement follows. REX.W and 66 change nothing (Intel SDM Vol. 2B, MOV).

given rax, 0x12345678
given rsp, 0x1f0000

    .byte 0x0f, 0x23, 0x04              # mov dr0, rsp (mod 0, r/m 4)
    .byte 0x0f, 0x21, 0x43              # mov rbx, dr0 (mod 1)
    .byte 0x66, 0x0f, 0x23, 0x88        # mov dr1, rax (mod 2)
    .byte 0x48, 0x0f, 0x21, 0x0d        # mov rbp, dr1 (mod 0, r/m 5)
    .byte 0x0f, 0x20, 0x02              # mov rdx, cr0 (mod 0)
    hlt

expect rbx, 0x1f0000
expect rbp, 0x12345678
expect rdx, 0x80010033
