# XRSTOR of an area whose header names a component that XCR0 has not raises #GP(0) (Intel SDM Vol. 1, 13.8.1), whether it is
# asked for or not.

given rax, 3
given rbx, 0x20000
faults general_protection, fault

    mov dword ptr [rbx + 24], 0x1f80
    mov dword ptr [rbx + 516], 0x40000000
fault:
    xrstor [rbx]
    hlt
