# PUSHF with VME and IOPL below 3 shows VIF in the place of IF, and 3 in that of IOPL; PUSHFD is #GP(0) (Intel SDM
# Vol. 2B, PUSHF).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|IF|CF|IOPL1
expect rax, IOPL3|IF|CF|NT|2
expect rbx, IOPL3|CF|2
expect_log 13, 13

    log_faults 13
    program_gate 3, second
    enter_program VM|VIF|CF|NT
    pushf
    pop ax
    try pushfd
    int3
    .code32
second:
    enter_program VM|IF|CF|IOPL1
    pushf
    pop bx
    try pushfd
    hlt
