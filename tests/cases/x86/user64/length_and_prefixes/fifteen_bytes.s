# An instruction may have 15 bytes, however many of them are prefixes without effect (Intel SDM Vol. 2A, 2.3.11).

expect rax, 0x1122334455667788
expect rcx, 5
expect retired, 3

    mov rax, 0x1122334455667788
    .rept 10
    .byte 0x3e
    .endr
    mov ecx, 5
    .rept 14
    .byte 0x2e
    .endr
    nop
    hlt
