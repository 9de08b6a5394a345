# The destination is an APIC ID or, in logical mode, a set of them; an interrupt whom nobody takes is lost in edge
# mode, and sets no remote IRR in level mode (Intel 82093AA datasheet, 3.2.4, destination). Lowest priority finds the
# only one.

expect rbx, level | logical | 0x47
expect_log 0x46, 0x45, 0x43, 0x41

    connect_serial
    log_interrupts end_apic, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47
    mov dword ptr [apic_logical_destination], 0x04000000
    .macro pulse low, destination
    io_apic_entry 4, \low, \destination
    raise_irq4
    lower_irq4
    .endm
    pulse 0x41, 0
    pulse 0x42, 1
    pulse 0x43, 0xff
    pulse logical | 0x44, 0x0b
    pulse logical | 0x45, 0x0c
    pulse logical | lowest_priority | 0x46, 0xff
    io_apic_entry 4, level | logical | 0x47, 0x0b
    raise_irq4
    read_entry ebx, 4
    interrupt_window
    finish
