# VIF and VIP both set at the beginning of an instruction, which only IRET or a task switch into the program can
# bring about: #GP(0) before it (Intel SDM Vol. 3, 20.3.2).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
faults general_protection, fault-code_origin
ends_in_program VM|VIF|VIP
expect rax, 0

    enter_program VM|VIF|VIP
fault:
    mov ax, 1
    hlt
