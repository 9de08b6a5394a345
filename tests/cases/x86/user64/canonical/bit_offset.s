# The address of BTS with a bit offset in a register lies anywhere; one that is not canonical raises #GP(0) (Intel SDM Vol. 2A,
# BTS).

given rbx, 0x20000
given rcx, 0x4000000000000000
faults general_protection, fault

fault:
    bts [rbx], rcx
    hlt
