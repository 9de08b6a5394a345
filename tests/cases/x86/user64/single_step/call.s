# A CALL traps at its target, with the return address pushed.

faults debug_exception, target
expect rflags, TF
expect rsp, 0x1efff8
expect dr6, 0xffff4ff0
expect_memory 0x1efff8, 8, back

    push TF|2
    popfq
    call target
back:
    hlt
target:
    ret
