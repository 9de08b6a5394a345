# #AC of a PUSH: nothing is written and RSP stays (Intel SDM Vol. 3, interrupt 17).

given cr0, 0x80050033
given rflags, AC|2
given rsp, 0x1f0004
faults 17, fault
expect cr0, 0x80050033
expect_memory 0x1efff8, 16, 0

fault:
    push -1
    hlt
