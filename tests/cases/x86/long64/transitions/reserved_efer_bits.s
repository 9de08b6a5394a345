# A reserved bit of EFER: #GP(0), and EFER stays (Intel SDM Vol. 4, table 2-2; AMD APM Vol. 2, 3.1.7).

faults general_protection, fault
expect rax, 0xd05
expect rcx, 0xc0000080

    mov ecx, 0xc0000080
    mov eax, 0xd05
fault:
    wrmsr
