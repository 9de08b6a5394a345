# UD1 with an operand in memory that is not there raises #UD: it is never read (Intel SDM Vol. 2B, UD).

given rbx, unmapped
faults invalid_opcode, fault

fault:
    .byte 0x0f, 0xb9, 0x03              # ud1 eax, [rbx]
    hlt
