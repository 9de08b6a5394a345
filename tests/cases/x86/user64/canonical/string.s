# A string instruction's operands: #GP(0) for either, with an override to SS as well, which 64-bit mode ignores (Intel SDM Vol. 1,
# 3.3.7.1 and 3.4.2.1). No count or address moves.

given rsi, 0x8000000000000000
given rdi, 0x20000
given rcx, 4
faults general_protection, fault

fault:
    .byte 0xf3, 0x36, 0xa4              # rep movsb es:[rdi], ss:[rsi]
    hlt
