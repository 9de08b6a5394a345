# INC keeps the carry flag (Intel SDM Vol. 2A, INC), whatever the two loads behind it, each of which crosses a page.

given rflags, 0x203
given rbx, 0x20ffe
given rcx, 0x21ffd
expect rbx, 0x20ffe
expect rax, 0
expect rcx, 0
expect rdx, 1
expect rsi, 1
expect rflags, 0x203

    inc esi
    mov eax, [rbx]
    mov ecx, [rcx]
    setc dl
    hlt
