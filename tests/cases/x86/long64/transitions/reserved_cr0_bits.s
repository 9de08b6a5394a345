# Reserved bits in the low half of CR0 are ignored, and ET is always 1; a bit in the upper half is #GP(0) (Intel SDM
# Vol. 3, 2.5).

faults general_protection, fault
expect rbx, 0x80010033
expect rax, 0x100000000|0x80010033

    mov eax, 0x9ffbffe3         # without ET
    mov cr0, rax
    mov rbx, cr0
    mov rax, 0x100000000|0x80010033
fault:
    mov cr0, rax
