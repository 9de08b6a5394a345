# A non-specific EOI ends the service of the highest priority, whichever handler sends it (Intel 8259A datasheet, "End
# of Interrupt"). With nothing in service it does nothing.

expect rbx, 0x18
expect rcx, 0x10
expect rdx, 0

    initialize_pics 0x18, 0
    connect_serial
    gate 0x24, outer
    gate 0x23, inner
    raise_irq4
    interrupt_window
    finish
outer:
    raise_irq3
    interrupt_window
    output 0x20, 0x20
    output 0x20, 0x20
    in al, 0x20
    movzx edx, al
    iretd
inner:
    output 0x20, 0x0b
    in al, 0x20
    movzx ebx, al
    output 0x20, 0x20
    in al, 0x20
    movzx ecx, al
    iretd
