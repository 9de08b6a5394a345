# Clearing CR0.PE with PG set: #GP(0) (Intel SDM Vol. 3, 2.5, and Vol. 2B, MOV - Move to Control Registers).

faults general_protection, fault

    mov rax, cr0
    and al, 0xfe
fault:
    mov cr0, rax

expect rax, 0x80010032
undefined CF|PF|AF|ZF|SF|OF
