# PUSHF pushes TF.

given rflags, IF|2                      # As a process has it.
faults debug_exception, after
expect rflags, TF|IF
expect rsp, 0x1efff8
expect dr6, 0xffff4ff0
expect_memory 0x1efff8, 8, TF|IF|2

    push TF|2
    popfq
    pushfq
after:
    hlt
