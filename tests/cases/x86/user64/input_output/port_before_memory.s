# A port that may not be used raises #GP(0) also where the memory operand of OUTS would raise #PF (Intel SDM Vol. 2B, OUTS).

faults general_protection, fault
given rdx, 0x80
given rsi, unmapped

fault:
    outsd
    hlt
