# With bit 1 of ICW1 set the chip is alone: there is no ICW3, ICW4 follows ICW2 at once, and input 2 is an ordinary one
# (Intel 8259A datasheet, figure "Initialization Sequence").

expect rcx, 0x20
expect_log 0x24, 0x24, 0x22

    initialize_pics
    connect_serial
    connect_keyboard
    output 0xa1, 0xef
    output 0x20, 0x13
    output 0x21, 0x20
    output 0x21, 3              # ICW4: automatic EOI.
    output 0x21, 0x20           # OCW1.
    in al, 0x21
    movzx ecx, al
    log_interrupts end_nothing, 0x22, 0x24
    .rept 2
    lower_irq4
    raise_irq4
    interrupt_window
    .endr
    raise_irq12
    interrupt_window
    finish
