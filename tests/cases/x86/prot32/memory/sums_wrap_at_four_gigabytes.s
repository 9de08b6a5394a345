# A base register and a displacement add up modulo 4 GiB (Intel SDM Vol. 1, 3.3.7.1), also where the register itself has wrapped
# since another access of the same place, or since a push.

given rsi, 0x20000
given rdi, 0xfffffff0
given rbx, 0x20010
expect rsi, 0xffff0000
expect rdi, 0xfffffff0
expect rbx, 0x20008
expect rax, 0x11111111
expect rcx, 0x22222222
expect rdx, 0x22222222
expect rbp, 0x11111111
expect_memory 0x20008, 4, 0x33333333
undefined CF|PF|AF|ZF|SF|OF

    mov dword ptr [0x20000], 0x11111111
    mov dword ptr [0x20004], 0x22222222
    mov eax, [esi]
    mov ebp, [edi + 0x20010]
    sub esi, 0x30000
    mov ecx, [esi + 0x30004]
    mov edx, [edi + 0x20014]
    mov dword ptr [ebx - 8], 0x33333333
    sub ebx, 0x20018
    mov [ebx + 0x20010], dword ptr 0x33333333
    add ebx, 0x20010
    hlt
