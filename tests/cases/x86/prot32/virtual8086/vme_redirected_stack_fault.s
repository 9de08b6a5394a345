# A redirected INT n pushes to the program's stack under its limit: with SP = 3 the second word does not fit,
# #SS(0), and neither SP, CS, IP nor VIF has changed (Intel SDM Vol. 2A, INT n; Vol. 3, 20.3.3.4).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|VIF, 3
expect_log 12
expect rax, program_code

    log_faults 12
    extend_task_state
    enter_program VM|VIF
    mov sp, 3
    try int 0x21
    mov ax, cs
    hlt
