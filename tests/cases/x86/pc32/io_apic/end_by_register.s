# With EOI broadcasts suppressed (bit 12 of the spurious vector register) the local APIC's EOI leaves remote IRR set; a
# write of the vector to the I/O APIC's EOI register then ends the interrupt there (Intel SDM Vol. 3, 11.8.5; Intel ICH
# datasheet, "EOIR").

expect rbx, level | remote_irr | 0x44
expect rcx, level | remote_irr | 0x44
expect_log 0x44, 1, 2, 0x44

    connect_serial
    log_interrupts end_apic, 0x44
    mov dword ptr [apic_spurious], 0x11ff
    io_apic_entry 4, level | 0x44
    raise_irq4
    interrupt_window
    interrupt_window
    log 1
    read_entry ebx, 4
    mov dword ptr [io_apic_end], 0x45
    interrupt_window
    read_entry ecx, 4
    log 2
    mov dword ptr [io_apic_end], 0x44
    interrupt_window
    finish
