# CR4.PCIDE can be set in IA-32e mode only: #GP(0) elsewhere (Intel SDM Vol. 3, 4.10.1).

faults general_protection, fault
expect rax, 0x60620

    mov eax, 0x60620
fault:
    mov cr4, eax
