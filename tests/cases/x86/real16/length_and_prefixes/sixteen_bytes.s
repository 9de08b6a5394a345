# Sixteen bytes are too many for an instruction in real mode as well: #GP, without an error code (Intel SDM Vol. 2A, 2.3.11).
# Fifteen are not.

faults general_protection, fault
expect rcx, 5

    .rept 12
    .byte 0x2e
    .endr
    mov cx, 5
fault:
    .rept 13
    .byte 0x2e
    .endr
    mov cx, 6
    hlt
