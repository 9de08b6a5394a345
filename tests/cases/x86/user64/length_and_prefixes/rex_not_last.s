# A REX prefix counts only directly before the opcode; one that another prefix follows is ignored (Intel SDM Vol. 2A, 2.2.1.2).

given rax, -1
given rcx, -1
given rdx, -1
expect rax, 5
expect rcx, 0xffffffffffff0005
expect rdx, 5

    .byte 0x48, 0x2e
    mov eax, 5                          # REX.W is lost: 32 bits.
    .byte 0x48, 0x66, 0xb9, 5, 0        # mov cx, 5
    .byte 0x41, 0x48, 0xc7, 0xc2, 5, 0, 0, 0   # Of two, the last: mov rdx, 5
    hlt
