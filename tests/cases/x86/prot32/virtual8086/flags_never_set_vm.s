# POPFD at CPL 0 leaves VM, VIF, VIP and RF as they are: virtual-8086 mode is not entered so. PUSHFD never shows VM
# or RF (Intel SDM Vol. 2B, POPF and PUSHF).

.include "x86/prot32/virtual8086/virtual8086.inc"

expect rax, IOPL3|AC|ID|CF|2
expect rbx, VM|IOPL3|2
ends_in_program VM|IOPL3|AC|ID
expect rcx, IOPL3|AC|ID|2

    push VM|RF|VIF|VIP|IOPL3|AC|ID|CF
    popfd
    pushfd
    pop eax
    mov ebx, VM|IOPL3|2
    enter_program VM|IOPL3|AC|ID
    pushfd
    pop ecx
    hlt
