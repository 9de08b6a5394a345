# With IOPL 3 the same instructions work as in real mode: they act on IF itself, PUSHF shows IOPL, and POPF changes
# neither IOPL nor VM, VIF and VIP (Intel SDM Vol. 3, 20.2.8; Vol. 2B, POPF).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3|VIP|CF
expect rax, IOPL3|2
expect rbx, IOPL3|IF|2
expect rcx, VIP|IOPL3|IF|AC|ID|CF|2
expect rdx, IOPL3|NT|2

    enter_program VM|IOPL3|VIP
    sti
    pushf
    pop bx
    cli
    pushf
    pop ax
    push NT
    popf
    pushf
    pop dx
    push dword ptr VM|VIF|IF|AC|ID|CF
    popfd
    pushfd
    pop ecx
    push dword ptr CF
    popfd
    hlt
