# In real mode, which has privilege level 0, POPF sets IOPL, NT and IF; POPFD also AC and ID, but VM, VIF and VIP
# stay as they are, and RF is not set (Intel SDM Vol. 2B, POPF, table 4-16).

expect rax, NT|IF|3<<12|2
expect rbx, 0x200000|AC|CF|2
expect rcx, CF|2
expect rflags, CF

    push word ptr 0x7200
    popf
    pushfd
    pop eax
    push dword ptr 0x3f0001
    popfd
    pushfd
    pop ebx
    push dword ptr 1
    popfd
    pushfd
    pop ecx
    hlt
