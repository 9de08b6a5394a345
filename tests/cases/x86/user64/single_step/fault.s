# An instruction that faults under TF does not trap; the fault's frame has TF.

given rbx, unmapped
faults page_fault, fault, 4
expect cr2, unmapped
expect rflags, TF
expect_memory 0x1efff8, 8, TF|2

    push TF|2
    popfq
fault:
    mov eax, [rbx]
    hlt
