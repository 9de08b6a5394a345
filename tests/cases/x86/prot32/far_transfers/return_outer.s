# RETF n to an outer level drops n bytes of parameters from both stacks: the inner one before SS:ESP are popped, the
# outer one after (Intel SDM Vol. 2B, RET).

.include "x86/prot32/faults.inc"

expect cs, user_code32
expect ss, user_data
expect cpl, 3
expect rsp, 0x1e000c
expect ds, 0
expect es, 0
expect fs, 0
expect gs, 0
expect rip, outer

    push user_data
    push 0x1e0000
    push 3
    push 2
    push 1
    push user_code32
    push offset outer
    retf 12
outer:
    hlt
