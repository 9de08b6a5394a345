# POPF with VME and IOPL below 3 is #GP(0) when it would set VIF while VIP is set, or would set TF; SP stays, and no
# flag changes (Intel SDM Vol. 2B, POPF; AMD APM Vol. 3, POPF, for TF). With IF clear in the image VIP does not
# matter.

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|VIP|ZF, program_stack_top-2
expect rax, program_stack_top-2
expect rbx, program_stack_top-2
expect_log 13, 13

    log_faults 13
    enter_program VM|VIP
    push IF|CF
    try popf
    mov ax, sp
    pop dx
    push TF|CF
    try popf
    mov bx, sp
    pop dx
    push ZF
    popf
    push 0
    hlt

expect rdx, TF|CF
