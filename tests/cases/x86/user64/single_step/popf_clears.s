# POPF that clears TF began with it set, and traps (Intel SDM Vol. 3, 17.3.1.4); the flags of the trap have it clear.

faults debug_exception, after
expect rflags, CF
expect dr6, 0xffff4ff0
expect_memory 0x1efff0, 16, TF|2, CF|2

    push CF|2
    push TF|2
    popfq
    popfq
after:
    hlt
