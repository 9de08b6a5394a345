# The priority of pins is that of their vectors, not that of their numbers (Intel SDM Vol. 3, 11.8.3).

expect_log 0x71, 0x61, 0x51

    connect_serial
    connect_keyboard
    log_interrupts end_apic, 0x51, 0x61, 0x71
    io_apic_entry 3, 0x51
    io_apic_entry 4, 0x71
    io_apic_entry 12, 0x61
    raise_irq3
    raise_irq4
    raise_irq12
    interrupt_window
    finish
