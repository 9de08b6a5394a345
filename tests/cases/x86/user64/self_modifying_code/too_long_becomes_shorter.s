# An instruction that is too long, until one before it writes an opcode among its prefixes.

expect rax, 0x66
expect retired, 4

    mov byte ptr [rip + prefixes + 12], 0x90
prefixes:
    .rept 15
    .byte 0x3e
    .endr
    nop
    mov eax, 0x66
    hlt
