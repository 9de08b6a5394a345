# Operand- and address-size prefixes: 16-bit registers, pushes and effective addresses, which wrap at 64 KiB
# (Intel SDM Vol. 1, 3.6).

given rbx, 0x1fffe
given rsi, 0x12
expect rax, 0x1234bbaa
expect rcx, 0x1efffe
expect rdx, 0x10
expect_memory 0x1f0000-2, 2, 0xbbaa

    mov word ptr [0x10], 0xbbaa
    mov eax, 0x12345678
    addr16 mov ax, [bx + si]    # (0xfffe + 0x12) mod 64 Ki
    push ax
    mov ecx, esp
    add esp, 2
    addr16 lea edx, [bx + si]
    hlt
undefined CF|OF|SF|ZF|AF|PF
