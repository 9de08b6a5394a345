# MOV to SS does not trap; the instruction behind it does (Intel SDM Vol. 3, 6.8.3).

faults debug_exception, after
expect rflags, TF
expect rcx, 7
expect dr6, 0xffff4ff0
expect_memory 0x1efff8, 8, TF|2

    mov ecx, ss
    push TF|2
    popfq
    mov ss, ecx
    mov ecx, 7
after:
    hlt
