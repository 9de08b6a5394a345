# STI with VME, IOPL below 3 and VIP set: #GP(0), and VIF stays clear; CLI is still allowed (Intel SDM Vol. 2B, STI;
# Vol. 3, 20.3.2).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|VIP
expect_log 13

    log_faults 13
    enter_program VM|VIP
    try sti
    cli
    hlt
