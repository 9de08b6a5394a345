# ENTER whose frame does not fit: #SS(0), and neither RSP nor RBP has changed.

given rsp, 0x800000000004
given rbp, 5
faults stack_fault, fault

fault:
    enter 16, 0
    hlt
