# A pin in level mode that is high when its entry is unmasked interrupts then, for the level is all that counts
# (Intel 82093AA datasheet, 3.2.4, interrupt mask); one that has fallen again does not.

expect_log 1, 0x44, 2

    connect_serial
    gate 0x44, handler
    io_apic_entry 4, level | masked | 0x44
    raise_irq4
    lower_irq4
    io_apic_entry 4, level | 0x44
    interrupt_window
    io_apic_entry 4, level | masked | 0x44
    raise_irq4
    interrupt_window
    log 1
    io_apic_entry 4, level | 0x44
    interrupt_window
    log 2
    finish
handler:
    log 0x44
    lower_irq4
    end_apic
    iretd
