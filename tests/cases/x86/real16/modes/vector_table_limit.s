# The limit of IDTR holds in real mode too: a vector beyond it is #GP at the INT, without an error code (Intel SDM
# Vol. 3, 20.1.4).

faults general_protection, fault
expect idtr_limit, 0x37
expect retired, 1
expect rflags, IF

given rflags, IF|2

    lidt [pointer]
fault:
    int 14
    hlt
pointer:
    .word 0x37                  # vectors 0 to 13
    .long 0
