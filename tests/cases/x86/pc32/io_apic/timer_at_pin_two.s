# The timer's line, IRQ0 of the 8259, leads to pin 2 of the I/O APIC, as the machine's ACPI tables tell (ACPI 6.4,
# 5.2.12.5).

expect_log 0x52

    log_interrupts end_apic, 0x50, 0x52
    io_apic_entry 0, 0x50
    io_apic_entry 2, 0x52
    lower_irq0
    raise_irq0
    interrupt_window
    finish
