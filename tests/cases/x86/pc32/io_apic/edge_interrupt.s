# In edge mode a pin interrupts with each rise, once, however long it stays high; after EOI nothing comes again
# (Intel 82093AA datasheet, 3.2.4, trigger mode). The interrupt is edge-triggered for the local APIC as well.

expect rbx, 0
expect rcx, 0x44
expect_log 0x44, 1, 2, 0x44, 3

    connect_serial
    gate 0x44, handler
    io_apic_entry 4, 0x44
    raise_irq4
    interrupt_window
    log 1
    interrupt_window
    lower_irq4
    interrupt_window
    log 2
    raise_irq4
    interrupt_window
    log 3
    finish
handler:
    log 0x44
    or ebx, [apic_trigger_mode + 0x20]
    read_entry ecx, 4
    end_apic
    iretd
