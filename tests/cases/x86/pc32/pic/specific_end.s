# A specific EOI ends the service that it names, though it is not the highest, and no other (Intel 8259A datasheet,
# "End of Interrupt").

expect rbx, 0x18
expect rcx, 0x08
expect rdx, 0x08
expect_log 0x24, 0x23

    initialize_pics 0x18, 0
    connect_serial
    gate 0x24, outer
    gate 0x23, inner
    raise_irq4
    interrupt_window
    finish
outer:
    log 0x24
    raise_irq3
    interrupt_window
    output 0x20, 0x63
    iretd
inner:
    log 0x23
    output 0x20, 0x0b
    in al, 0x20
    movzx ebx, al
    output 0x20, 0x64
    in al, 0x20
    movzx ecx, al
    output 0x20, 0x65
    in al, 0x20
    movzx edx, al
    iretd
