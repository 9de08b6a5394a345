# POPF with VME and IOPL below 3 moves the image's IF to VIF, and changes neither IF nor IOPL; POPFD is #GP(0)
# (Intel SDM Vol. 2B, POPF, table 4-16).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|IF|IOPL1|ZF, program_stack_top-4
expect rax, VM|VIF|IF|IOPL1|NT|CF|2
expect rbx, VM|IF|IOPL1|ZF|2
expect rcx, VM|IF|IOPL1|ZF|2
expect_log 13

    log_faults 13
    show_flags
    enter_program VM|IF|IOPL1
    push IF|IOPL2|NT|CF
    popf
    flags_to eax
    push IOPL3|ZF
    popf
    flags_to ebx
    push 0
    push 0
    try popfd
    hlt
