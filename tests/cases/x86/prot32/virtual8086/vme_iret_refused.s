# A 16-bit IRET with VME and IOPL below 3 is #GP(0) when it would set VIF while VIP is set, or would set TF; CS, IP,
# SP and the flags stay (Intel SDM Vol. 3, 20.3.2; AMD APM Vol. 3, IRET).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|VIP, program_stack_top-12
expect_log 13, 13
expect rax, program_code

    log_faults 13
    enter_program VM|VIP
    .irp flags, TF|CF, IF|CF
    push \flags
    push 0x2000
    push 0
    try iret
    .endr
    mov ax, cs
    hlt
