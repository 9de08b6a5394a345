# The trigger mode register follows each acceptance: the bit of a vector is set by a level-triggered interrupt and
# cleared by an edge-triggered one (Intel SDM Vol. 3, 11.8.4). Only the EOI of the former reaches the I/O APIC.

expect rbx, 1 << 4
expect rcx, 0
expect_log 0x44, 0x44

    connect_serial
    log_interrupts end_apic, 0x44
    io_apic_entry 4, level | 0x44
    raise_irq4
    lower_irq4
    mov ebx, [apic_trigger_mode + 0x20]
    interrupt_window
    self_ipi 0x44
    mov ecx, [apic_trigger_mode + 0x20]
    interrupt_window
    finish
