# Addresses in compatibility mode: modulo 4 GiB, 16 bits with a prefix, and what is relative to RIP in 64-bit mode
# is absolute (Intel SDM Vol. 3, 5.3.1; Vol. 2A, 2.2.1.6).

given rbx, 0xffffff00
given rsi, 0x20200
given rdi, 0xfff0
expect cs, kernel_code32
expect rax, 0x11111111
expect rcx, 0x22222222
expect rdx, 0x33333333

    mov dword ptr [0x20100], 0x11111111
    mov dword ptr [0x8010], 0x22222222
    mov dword ptr [0x8020], 0x33333333
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    mov eax, [ebx + esi]
    .byte 0x8b, 0x0d            # mov ecx, [8010]
    .long 0x8010
    addr16 mov edx, [di - 0x7fd0]
    hlt
