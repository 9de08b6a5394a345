# To mask an entry, or to lower its pin, does not take back an interrupt that a local APIC has accepted (Intel 82093AA
# datasheet, 3.2.4, interrupt mask). EOI clears remote IRR of a masked entry as well, but brings no further interrupt.

expect rbx, level | masked | remote_irr | 0x44
expect rcx, level | masked | 0x44
expect_log 0x44, 1, 0x43, 2

    connect_serial
    gate 0x44, handler
    log_interrupts end_apic, 0x43
    io_apic_entry 4, level | 0x44
    raise_irq4
    io_apic_entry 4, level | masked | 0x44
    read_entry ebx, 4
    interrupt_window
    log 1
    io_apic_entry 3, level | 0x43
    raise_irq3
    lower_irq3
    interrupt_window
    log 2
    finish
handler:
    log 0x44
    end_apic
    read_entry ecx, 4
    iretd
