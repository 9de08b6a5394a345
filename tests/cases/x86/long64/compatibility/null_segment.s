# A null DS, which 64-bit mode does not mind, cannot be used in compatibility mode: #GP(0) (Intel SDM Vol. 3,
# 5.4.1.1).

faults general_protection, fault
expect cs, kernel_code32
expect ds, 0
expect rax, 0x5a

    xor eax, eax
    mov ds, eax
    mov byte ptr [0x20000], 0x5a
    mov al, [0x20000]
    push kernel_code32
    push offset fault
    retfq
    .code32
fault:
    mov al, [0x20000]
    hlt

undefined PF|ZF|CF|SF|OF|AF
