# LGDT and SGDT, LIDT and SIDT, and STR with 64-bit bases and 16-bit limits.

expect gdtr_base, 0x600
expect gdtr_limit, 0x4f
expect idtr_base, interrupt_table
expect idtr_limit, 0xfff
expect tr, task_state
expect rax, task_state
expect_memory 0x20000, 10, 0x10000fff, 0

    sidt [0x20000]
    mov qword ptr [0x20010], 0x600004f
    mov word ptr [0x20018], 0
    lgdt [0x20010]
    lidt [0x20000]
    str eax
    hlt
