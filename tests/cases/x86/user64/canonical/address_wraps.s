# An address sum wraps at 64 bits before it is looked at, so parts of it need not be canonical (Intel SDM Vol. 1, 3.3.7).

given rbx, 0x8000000000010000
given rsi, -0x10000
given rcx, 0x2000000000010000
expect rax, 0x77
expect rdx, 0x77
expect rdi, 0x77

    mov dword ptr [0x20000], 0x77
    mov eax, [rsi + 0x30000]
    mov edx, [rbx + rbx]
    mov edi, [rcx * 8 - 0x60000]
    hlt
