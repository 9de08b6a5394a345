# INT3 under TF is its own trap: vector 3 with TF in the frame, and none of vector 1 (Intel SDM Vol. 3, 17.3.1.4).

faults breakpoint, after
expect rflags, TF
expect_memory 0x1efff8, 8, TF|2

    push TF|2
    popfq
    int3
after:
    hlt
