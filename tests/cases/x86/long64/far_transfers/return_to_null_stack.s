# RETF and IRET of 64-bit mode may load a null SS below CPL 3: IRETQ at the same level, RETFQ to level 1, where it has
# RPL 1 (Intel SDM Vol. 2A, IRET; Vol. 3, 6.14.3).

.include "x86/long64/faults.inc"

descriptor code1, 0xbb, 0xfffff, 0, 0xa
faults breakpoint, after
expect cs, code1+1
expect ss, 1
expect cpl, 1
expect ds, 0
expect es, 0
expect fs, 0
expect gs, 0
expect rsp, 0x1c0000
expect rax, 0

    push 0
    push 0x1d0000
    push 2
    push kernel_code64
    push offset same_level
    iretq
same_level:
    mov eax, ss
    holds rsp, 0x1d0000
    push 1
    push 0x1c0000
    push code1 + 1
    push offset outer
    retfq
outer:
    int3
after:
