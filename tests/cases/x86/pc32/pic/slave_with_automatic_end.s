# The slave's INT falls with each acknowledge, so that the master, whose input 2 is edge-triggered, sees the slave's
# next request also when that was waiting already (Intel 8259A datasheet, "Cascade Mode" and "Interrupt Sequence").
# With automatic EOI nothing else makes it fall.

expect_log 0x28, 0x2c, 1

    connect_keyboard
    start_clock
    initialize_pics 0, 0x11, 3
    log_interrupts end_nothing, 0x28, 0x2c
    raise_irq12
1:  in al, 0xa0
    cmp al, 0x11                # Until the clock's request stands beside it.
    jne 1b
    output 0x21, 0xfb
    interrupt_window
    interrupt_window
    log 1
    finish
