# An EOI reaches only the entries with its vector: an entry whose vector is changed in service keeps its remote IRR,
# until an interrupt with the new vector ends (Intel 82093AA datasheet, 3.2.4, remote IRR). Edge-triggered ones send no
# EOI.

expect rbx, level | remote_irr | 0x46
expect rcx, level | remote_irr | 0x46
expect_log 0x44, 0x46, 1, 0x43, 2, 0x46

    connect_serial
    log_interrupts end_apic, 0x43, 0x46
    gate 0x44, handler
    io_apic_entry 4, level | 0x44
    io_apic_entry 3, level | 0x43
    raise_irq4
    interrupt_window
    read_entry ebx, 4
    self_ipi 0x46
    interrupt_window
    read_entry ecx, 4
    log 1
    raise_irq3
    lower_irq3
    interrupt_window
    log 2
    gate 0x46, last
    mov dword ptr [io_apic_end], 0x46
    interrupt_window
    finish
handler:
    log 0x44
    io_apic_entry 4, level | 0x46
    end_apic
    iretd
last:
    log 0x46
    lower_irq4
    end_apic
    iretd
