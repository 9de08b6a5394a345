# Decimal adjustments, PUSHA and POPA, and one-byte INC and DEC, which 64-bit mode has not (Intel SDM Vol. 2).

given rax, 0x79
given rbx, 0x35
expect rax, 0x0902
expect rcx, 0x114
expect rdx, 0x0404
expect rbx, 0x35
expect rsi, 0x35
undefined CF|OF|SF|ZF|AF|PF

    add al, bl                  # 0xae, adjusted to 0x14 and CF
    daa
    mov ecx, eax
    setc ch
    mov ax, 0x0009
    add al, 0x0b                # 0x14
    aam                         # 20: AH = 2, AL = 0
    aad                         # 20
    mov edx, eax
    mov ax, 0x0104
    mov ah, 4
    aaa
    mov dx, 0x0404
    mov al, 92
    aam
    pusha
    mov esi, [esp + 16]
    mov ebx, 0
    mov [esp + 4], esi
    popa
    mov esi, ebx
    inc esi
    dec esi
    hlt
