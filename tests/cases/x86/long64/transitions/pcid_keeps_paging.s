# With CR4.PCIDE set, PG cannot be cleared even in compatibility mode: #GP(0) (Intel SDM Vol. 3, 4.10.1).

faults general_protection, fault
expect cs, kernel_code32
expect cr4, 0x60620
expect rax, 0x10033

    mov rax, cr4
    bts eax, 17
    mov cr4, rax
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    mov eax, cr0
    btr eax, 31
fault:
    mov cr0, eax

undefined CF|PF|AF|ZF|SF|OF
