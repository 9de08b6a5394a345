# STI with PVI, CPL 3, IOPL below 3 and VIP set: #GP(0), and VIF stays clear; CLI is allowed (Intel SDM Vol. 2B,
# STI). VIP comes from IRETD at CPL 0.

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|PVI
faults general_protection, fault
ends_in_user_code VIP|IOPL1

    enter_user VIP|IOPL1
    cli
fault:
    sti
    hlt
