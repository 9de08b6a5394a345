# Both 8259s in real mode, at the vectors of the PC AT: IRQ12 at 74H. Its EOI goes to both.

expect_log 0x74, 0x74

    initialize_pics 4, 0x10
    output 0xa0, 0x11
    output 0xa1, 0x70
    output 0xa1, 2
    output 0xa1, 1
    output 0xa1, 0xef
    connect_keyboard
    gate 0x74, handler
    raise_irq12
    interrupt_window
    raise_irq12
    interrupt_window
    finish
handler:
    push ax
    log 0x74
    lower_keyboard
    output 0xa0, 0x20
    output 0x20, 0x20
    pop ax
    iret
