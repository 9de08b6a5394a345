# A word that reaches beyond offset FFFF: #GP, without an error code in real mode (Intel SDM Vol. 3, 20.1.4).

given rbx, 0xffff
faults general_protection, fault

fault:
    mov ax, [bx]
    hlt
