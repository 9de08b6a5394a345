# Clearing CR0.PG in 64-bit mode: #GP(0), also together with PE, and CR0 stays (Intel SDM Vol. 2B, MOV - Move to
# Control Registers).

faults general_protection, fault

    mov rax, cr0
    btr eax, 31
fault:
    mov cr0, rax

expect rax, 0x10033
undefined CF|PF|AF|ZF|SF|OF
