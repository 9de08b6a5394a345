# MOVAPS of an address that is neither aligned nor mapped: #GP(0), not #PF (Intel SDM Vol. 3, table 6-2; checked on the CPU).

given rbx, unmapped+8
faults general_protection, fault

fault:
    movaps xmm0, [rbx]
    hlt
