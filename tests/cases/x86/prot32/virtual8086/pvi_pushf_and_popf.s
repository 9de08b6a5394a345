# PUSHF and POPF in protected mode know nothing of PVI: the image has IF itself, and POPF at CPL 3 with IOPL below 3
# changes neither IF nor VIF (Intel SDM Vol. 3, 20.4; Vol. 2B, POPF, table 4-16).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|PVI
ends_in_user_code VIF|IOPL1|CF
expect rax, VIF|IOPL1|2
expect rcx, IOPL1|2

    enter_user VIF|IOPL1
    pushfd
    pop eax
    pushfw
    movzx ecx, word ptr [esp]
    lea esp, [esp + 2]
    push IF|CF
    popfd
    hlt
