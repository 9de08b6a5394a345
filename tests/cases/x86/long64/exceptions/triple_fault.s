# No gate can be reached: the exception becomes a double fault, and that a shutdown (Intel SDM Vol. 3, 6.15, interrupt 8).

expect shutdown, 1
expect idtr_base, 0
expect idtr_limit, 0
expect retired, 1

    lidt [rip + nothing]
    ud2
    .balign 8
nothing:
    .quad 0, 0
