# With rotation in automatic EOI mode the input that was served has the lowest priority afterwards (Intel 8259A
# datasheet, "Automatic Rotation"); without, the order stays as it is.

expect_log 0x23, 0x24, 1, 0x23, 2, 0x24, 0x23, 3, 0x24, 4, 0x24, 0x23

    initialize_pics 0x18, 0, 3
    connect_serial
    log_interrupts end_nothing, 0x23, 0x24
    output 0x20, 0x80           # Rotate in automatic EOI.
    call pulse_both
    log 1                       # 4 is the lowest now,
    lower_irq3
    raise_irq3
    interrupt_window
    log 2                       # and now 3, so that 4 comes before it;
    call pulse_both
    log 3
    output 0x20, 0x00           # No rotation any more: 3 remains the lowest.
    lower_irq4
    raise_irq4
    interrupt_window
    log 4
    call pulse_both
    finish
pulse_both:
    lower_irq4
    lower_irq3
    raise_irq4
    raise_irq3
    interrupt_window
    ret
