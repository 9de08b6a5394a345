# One byte more than 15: #GP(0), though the instruction would be a good one (Intel SDM Vol. 2A, 2.3.11).

faults general_protection, fault
expect retired, 0

fault:
    .rept 11
    .byte 0x3e
    .endr
    mov ecx, 5
    hlt
