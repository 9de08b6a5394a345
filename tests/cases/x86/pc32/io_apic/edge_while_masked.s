# An edge at a masked entry is lost: it is not held back until the entry is unmasked (Intel 82093AA datasheet, 3.2.4,
# interrupt mask).

expect_log 1, 0x44, 2

    connect_serial
    log_interrupts end_apic, 0x44
    io_apic_entry 4, masked | 0x44
    raise_irq4
    io_apic_entry 4, 0x44
    interrupt_window
    log 1
    lower_irq4
    raise_irq4
    interrupt_window
    log 2
    finish
