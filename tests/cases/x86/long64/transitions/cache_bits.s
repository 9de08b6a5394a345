# CR0.NW without CD: #GP(0). CD alone and both together are allowed (Intel SDM Vol. 3, 2.5 and table 11-5).

faults general_protection, fault
expect rax, 0xa0010033
expect rbx, 0xe0010033
expect cr0, 0xc0010033

    mov eax, 0xe0010033
    mov cr0, rax
    mov rbx, cr0
    mov eax, 0xc0010033
    mov cr0, rax
    mov eax, 0xa0010033
fault:
    mov cr0, rax
