# TF in the flags that IRETD loads traps behind the first instruction of virtual-8086 mode; the handler's frame has
# VM and TF, and its own flags neither (Intel SDM Vol. 3, 17.3.1.4 and 20.3.1.1).

.include "x86/prot32/virtual8086/virtual8086.inc"

faults debug_exception, after-code_origin
ends_in_program VM|TF
expect rax, 0x1234
expect dr6, 0xffff4ff0

    enter_program VM|TF
    mov ax, 0x1234
after:
    mov ax, 0x5678
    hlt
