# While a request is in service those of higher priority may interrupt its handler, those of its own and lower priority
# wait for EOI (Intel 8259A datasheet, "Fully Nested Mode").

expect_log 0x23, 0x20, 1, 0x23, 0x24

    initialize_pics 0x19, 0
    connect_serial
    log_interrupts end_pic, 0x20, 0x24
    gate 0x23, handler
    lower_irq0
    raise_irq3
    pushfd
    or dword ptr [esp], IF
    popfd
    finish
handler:
    push eax
    log 0x23
    cmp edi, interrupt_log + 1
    jne 1f
    raise_irq4
    lower_irq3
    raise_irq3
    raise_irq0
    interrupt_window
    log 1
1:  output 0x20, 0x20
    pop eax
    iretd
