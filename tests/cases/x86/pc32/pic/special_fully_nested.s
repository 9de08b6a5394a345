# In the special fully nested mode of the master a slave's request of higher priority interrupts the handler of a lower
# one, and an EOI is sent to the master only when the slave has nothing left in service (Intel 8259A datasheet, "The
# Special Fully Nested Mode").

expect rbx, 0x11                # Both of the slave are in service,
expect rcx, 0x04                # and input 2.
expect_log 0x2c, 0x28, 1

    initialize_pics 4, 0x11, 0x11
    connect_keyboard
    gate 0x28, inner
    gate 0x2c, handler
    start_clock
    raise_irq12
    interrupt_window
    finish
handler:
    push eax
    log 0x2c
1:  output 0xa0, 0x0a
    in al, 0xa0
    test al, 1
    jz 1b
    interrupt_window
    log 1
    output 0xa0, 0x20
    output 0x20, 0x20
    pop eax
    iretd
inner:
    push eax
    log 0x28
    output 0xa0, 0x0b
    output 0x20, 0x0b
    in al, 0xa0
    movzx ebx, al
    in al, 0x20
    movzx ecx, al
    output 0xa0, 0x20
    pop eax
    iretd
