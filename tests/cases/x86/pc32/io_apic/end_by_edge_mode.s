# Remote IRR has no meaning in edge mode: an entry that is switched to it and back has lost it, by which software ends
# an interrupt at I/O APICs without an EOI register (Intel 82093AA datasheet, 3.2.4, remote IRR).

expect rbx, masked | 0x44
expect rcx, level | remote_irr | 0x44
expect_log 0x44, 1, 0x44

    connect_serial
    log_interrupts end_apic, 0x44
    mov dword ptr [apic_spurious], 0x11ff
    io_apic_entry 4, level | 0x44
    raise_irq4
    interrupt_window
    log 1
    io_apic_entry 4, masked | 0x44
    read_entry ebx, 4
    io_apic_entry 4, level | 0x44
    read_entry ecx, 4
    interrupt_window
    finish
