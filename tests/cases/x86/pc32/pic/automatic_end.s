# With automatic EOI (ICW4 bit 1) a service ends with its acknowledge: none is seen in the handler, which lower
# priorities, and its own, may interrupt (Intel 8259A datasheet, "Automatic End of Interrupt Mode").

expect rbx, 0
expect_log 0x23, 0x24, 0x23, 1

    initialize_pics 0x18, 0, 3
    connect_serial
    log_interrupts end_nothing, 0x24
    gate 0x23, handler
    raise_irq3
    interrupt_window
    log 1
    finish
handler:
    log 0x23
    cmp edi, interrupt_log + 1
    jne 1f
    output 0x20, 0x0b
    in al, 0x20
    movzx ebx, al
    raise_irq4
    interrupt_window
    lower_irq3
    raise_irq3
    interrupt_window
1:  iretd
