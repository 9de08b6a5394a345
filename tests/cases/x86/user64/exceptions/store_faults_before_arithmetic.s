# On AMD's CPUs an x87 store to an absent page faults, though its source is an empty register and the stack fault is
# unmasked; the status is as before.

maker amd
given rbx, unmapped
given fcw, 0x37e
faults page_fault, fault, 6
expect cr2, unmapped
expect fsw, 0

fault:
    fstp dword ptr [rbx]
    hlt
