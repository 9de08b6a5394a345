# The same prefix again and again, up to the limit of 15 bytes, before an instruction with a memory operand.

given rax, 0x20000
given rbx, 0x11223344
expect rax, 0x20000
expect rbx, 0x11223344
expect_memory 0x20000, 8, 0x6688
undefined CF|PF|AF|ZF|SF|OF

    .fill 10, 1, 0x66
    .byte 0x01, 0x18                            # add [rax], bx
    .fill 13, 1, 0x66
    .byte 0x01, 0x18
    hlt
