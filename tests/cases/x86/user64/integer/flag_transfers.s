# SAHF and LAHF, STC, CLC, CMC, and what POPF lets a program change: not IOPL, not IF.

given rax, 0xd700
expect rax, 0xd700
expect rbx, 0xd7
expect rflags, ZF|PF

    sahf                        # all five
    lahf
    movzx ebx, ah
    push 0x3046
    popfq
    hlt

expect_memory 0x1efff8, 8, 0x3046
