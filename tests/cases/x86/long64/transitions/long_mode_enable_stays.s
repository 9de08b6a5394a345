# Clearing EFER.LME while paging is on: #GP(0), and EFER stays, NXE too (Intel SDM Vol. 3, 9.8.5.3).

faults general_protection, fault
expect rcx, 0xc0000080
expect rax, 0x401
expect rdx, 0

    mov ecx, 0xc0000080
    mov eax, 0x401
    xor edx, edx
fault:
    wrmsr

expect rflags, ZF|PF
