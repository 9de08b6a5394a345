# Setting PG without PE: #GP in real mode, and CR0 stays (Intel SDM Vol. 2B, MOV - Move to Control Registers).

faults general_protection, fault
expect rax, 0xe0000010

    mov eax, 0xe0000010
fault:
    mov cr0, eax
    hlt
