# CLFLUSH faults as a read of a byte does: #GP(0) (Intel SDM Vol. 2A, CLFLUSH).

given rbx, 0x8000000000000000
faults general_protection, fault

fault:
    clflush [rbx]
    hlt
