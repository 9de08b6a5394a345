# POPF that sets TF traps after the instruction that follows it (Intel SDM Vol. 3, 17.3.1.4).

faults debug_exception, after
expect rax, 1
expect rflags, TF
expect dr6, 0xffff4ff0
expect_memory 0x1efff8, 8, TF|2

    push TF|2
    popfq
    mov eax, 1
after:
    hlt
