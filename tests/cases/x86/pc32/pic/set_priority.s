# The set-priority command gives an input the lowest priority without an EOI, and the next one the highest (Intel 8259A
# datasheet, "Specific Rotation"). Priorities in service follow: what was below may then interrupt a handler.

expect_log 0x24, 0x20, 0x23, 1, 0x23, 0x24

    initialize_pics 0x19, 0
    connect_serial
    log_interrupts end_pic, 0x20, 0x23, 0x24
    lower_irq0
    output 0x20, 0xc3           # From the highest: 4 5 6 7 0 1 2 3.
    raise_irq0
    raise_irq3
    raise_irq4
    interrupt_window
    log 1
    output 0x20, 0xc7           # 0 to 7.
    gate 0x23, handler
    lower_irq3
    raise_irq3
    interrupt_window
    finish
handler:
    push eax
    log 0x23
    lower_irq4
    raise_irq4
    output 0x20, 0xc3           # 4 is above 3 now.
    interrupt_window
    output 0x20, 0x63
    pop eax
    iretd
