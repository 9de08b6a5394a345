# In fully nested mode input 0 has the highest priority and 7 the lowest, with the slave's inputs at that of input 2.
# What is requested together is served in that order (Intel 8259A datasheet, "Fully Nested Mode").

expect_log 0x20, 0x21, 0x23, 0x24

    initialize_pics 0x1b, 0
    connect_serial
    connect_keyboard
    log_interrupts end_pic, 0x20, 0x21, 0x23, 0x24
    lower_irq0
    raise_irq4
    raise_irq3
    raise_irq1
    raise_irq0
    interrupt_window
    finish
