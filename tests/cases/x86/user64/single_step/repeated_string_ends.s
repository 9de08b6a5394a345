# The comparison that ends REPNE SCASB traps behind it, with count and address of that iteration.

given rcx, 5
given rdi, 0x20000
faults debug_exception, after
expect rflags, TF|ZF|PF
expect rcx, 4
expect rdi, 0x20001
expect dr6, 0xffff4ff0
expect_memory 0x1efff8, 8, TF|2

    push TF|2
    popfq
    repne scasb
after:
    hlt
