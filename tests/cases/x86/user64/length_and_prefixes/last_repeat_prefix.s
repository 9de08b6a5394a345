# Of F2 and F3 the last counts; where neither means anything they are ignored (Intel SDM Vol. 2A, 2.1.1; AMD APM Vol. 3, 1.2.6).

given rdi, 0x20000
given rcx, 4
expect rdi, 0x20002
expect rcx, 2
expect rax, 1
expect rflags, ZF|PF

    mov eax, 1
    mov byte ptr [rdi + 1], 1
    .byte 0xf3, 0xf2, 0xae              # REPNE SCASB: AL is not there at first.
    .byte 0xf2, 0xf3, 0x89, 0xc0        # mov eax, eax
    hlt
