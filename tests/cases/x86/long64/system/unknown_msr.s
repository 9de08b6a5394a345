# RDMSR of an MSR that does not exist: #GP(0).

given rcx, 0x4000ffff
faults general_protection, fault

fault:
    rdmsr
    hlt
