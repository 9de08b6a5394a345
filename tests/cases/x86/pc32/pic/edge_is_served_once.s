# An edge is one request: a line that stays high does not interrupt again after EOI, and must fall and rise for that
# (Intel 8259A datasheet, "Edge and Level Triggered Modes").

expect rbx, 0
expect_log 0x24, 1, 2, 0x24

    initialize_pics 0x10, 0
    connect_serial
    log_interrupts end_pic, 0x24
    raise_irq4
    interrupt_window
    interrupt_window
    log 1
    in al, 0x20
    movzx ebx, al
    lower_irq4
    interrupt_window
    log 2
    raise_irq4
    interrupt_window
    finish
