# A BIOS's clock: HLT with interrupts enabled sleeps until the next tick of the timer, in mode 3 with its longest
# period.

expect_log 0x20, 0x20, 0x20, 1

    initialize_pics 1, 0
    gate 0x20, tick
    output 0x43, 0x36
    output 0x40, 0
    output 0x40, 0
    sti
    hlt
    hlt
    hlt
    cli
    log 1
    finish
tick:
    push ax
    log 0x20
    output 0x20, 0x20
    pop ax
    iret
