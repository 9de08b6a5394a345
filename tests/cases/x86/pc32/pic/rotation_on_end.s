# A rotating EOI gives the input whose service it ends the lowest priority: the highest in service with a non-specific
# one, the one that it names with a specific one (Intel 8259A datasheet, "Automatic Rotation", "Specific Rotation").

expect_log 0x23, 0x24, 1, 0x24, 0x23, 2, 0x23, 0x24

    initialize_pics 0x18, 0
    connect_serial
    log_interrupts end_pic, 0x24
    gate 0x23, rotating
    call pulse_both             # The lowest is 3 afterwards, as 4's EOI does not rotate.
    log 1
    gate 0x24, specific
    log_interrupts end_pic, 0x23
    call pulse_both             # 4 comes first; its EOI makes it the lowest.
    log 2
    call pulse_both
    finish
pulse_both:
    lower_irq4
    lower_irq3
    raise_irq4
    raise_irq3
    interrupt_window
    ret
rotating:
    push eax
    log 0x23
    output 0x20, 0xa0
    pop eax
    iretd
specific:
    push eax
    log 0x24
    output 0x20, 0xe4
    pop eax
    iretd
