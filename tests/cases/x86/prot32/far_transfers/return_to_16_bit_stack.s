# IRET to a stack whose SS has B clear loads SP alone: the upper half of ESP still is that of the inner stack, as it
# is on all processors (Linux's espfix works around it; Intel SDM Vol. 2A, IRET, leaves it open).

.include "x86/prot32/faults.inc"

descriptor stack16, 0xf3, 0xffff, 0x40000, 0
expect cs, user_code32
expect ss, stack16+3
expect cpl, 3
expect rsp, 0x1e5678
expect ds, 0
expect es, 0
expect fs, 0
expect gs, 0
expect rip, outer

    mov esp, 0x1efff0
    push stack16+3
    push 0x12345678
    push 2
    push user_code32
    push offset outer
    iretd
outer:
    hlt
