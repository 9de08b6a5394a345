# Loading ES with a selector beyond the GDT's limit: #GP with the selector.

faults general_protection, fault, 0x1000
expect rax, 0x1003

    mov eax, 0x1003
fault:
    mov es, eax
    hlt
