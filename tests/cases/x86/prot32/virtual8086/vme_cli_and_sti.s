# With CR4.VME set and IOPL below 3, CLI and STI act on VIF, and IF stays as it is (Intel SDM Vol. 3, 20.3.2; Vol.
# 2, CLI and STI).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|IF|IOPL2
expect rax, VM|VIF|IF|IOPL2|2
expect rbx, VM|IF|IOPL2|2
expect rcx, VM|IF|IOPL2|2

    show_flags
    enter_program VM|IF|IOPL2
    sti
    flags_to eax
    cli
    flags_to ebx
    hlt
