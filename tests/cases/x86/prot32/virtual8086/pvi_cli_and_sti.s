# With CR4.PVI set, CLI and STI at CPL 3 with IOPL below 3 act on VIF, and IF stays as it is (Intel SDM Vol. 3, 20.4).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|PVI
ends_in_user_code IF|IOPL2
expect rax, IF|VIF|IOPL2|2
expect rcx, IF|IOPL2|2

    enter_user IF|IOPL2
    sti
    pushfd
    pop eax
    cli
    pushfd
    pop ecx
    hlt
