# Too long and not an instruction either: #GP(0), as the length is checked first (Intel SDM Vol. 3, table 6-2).

faults general_protection, fault

fault:
    .rept 14
    .byte 0x66
    .endr
    .byte 0x0f, 0x0b                    # ud2
    hlt
