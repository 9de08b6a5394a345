# IRET in virtual-8086 mode with IOPL 3 returns as in real mode, also with NT set, and leaves IOPL, VM, VIF and VIP
# alone; IRETD loads AC and ID (Intel SDM Vol. 2A, IRET: return from virtual-8086 mode).

.include "x86/prot32/virtual8086/virtual8086.inc"

expect cs, 0x1001
expect ss, program_stack
expect rsp, program_stack_top
expect cpl, 3
expect rflags, VM|IOPL3|VIP|ID|AC|SF
expect rax, IF|CF|NT|IOPL3|2
expect rip, end-code_origin-16

    enter_program VM|IOPL3|VIP|NT
    push IF|CF|NT
    push program_code
    push offset first - code_origin
    iret
first:
    pushf
    pop ax
    push dword ptr VIF|ID|AC|SF
    push dword ptr program_code + 1
    push dword ptr offset end - code_origin - 16
    iretd
end:
    hlt
