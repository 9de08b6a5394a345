# IRET with NT set is #GP(0) in IA-32e mode, which has no task switches; the frame is not popped (Intel SDM Vol. 2A,
# IRET).

given rflags, NT|2
faults general_protection, fault
expect rflags, NT
expect rsp, 0x1efff8

    push kernel_code64
fault:
    iretq
