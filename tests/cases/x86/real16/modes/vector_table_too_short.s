# A vector beyond the table whose #GP is beyond it as well: a double fault, whose vector is the last that the table
# has (Intel SDM Vol. 3, 6.15, interrupt 8). It pushes no error code in real mode, and IP is that of the INT.

faults 8, fault
expect idtr_limit, 0x23

    lidt [pointer]
fault:
    int 0x21
    hlt
pointer:
    .word 0x23                  # vectors 0 to 8
    .long 0
