# A misaligned address that is not mapped either: the CPU looks at the alignment first, though table 6-2 of Intel SDM Vol. 3 has
# the two in the other order.

given cr0, 0x80050033
given rflags, AC|2
given rbx, unmapped+2
faults 17, fault
expect cr0, 0x80050033

fault:
    mov eax, [rbx]
    hlt
