# XRSTOR in the standard form: bytes 8 to 23 of the header must be zero, or #GP(0); bytes 24 to 63 are not looked at (Intel SDM
# Vol. 1, 13.8.1).

given rax, 3
given rbx, 0x20000
faults general_protection, fault

    mov dword ptr [rbx + 24], 0x1f80
    mov qword ptr [rbx + 512 + 24], -1
    mov qword ptr [rbx + 512 + 56], -1
    xrstor [rbx]
    mov byte ptr [rbx + 512 + 23], 1
fault:
    xrstor [rbx]
    hlt
