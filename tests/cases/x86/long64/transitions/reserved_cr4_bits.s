# A reserved bit of CR4, in either half: #GP(0), and CR4 stays (Intel SDM Vol. 3, 2.5).

faults general_protection, fault
expect rax, 0x8000000000040620

    mov rax, 0x8000000000040620
fault:
    mov cr4, rax
