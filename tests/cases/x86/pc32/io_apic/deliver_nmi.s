# An entry in NMI mode: whatever its vector, the interrupt comes as an NMI, at once and once for each rise; it is
# edge-triggered even when it is set to level, and sets no remote IRR (Intel 82093AA datasheet, 3.2.4, delivery mode).

expect rbx, level | deliver_nmi | 0x44
expect_log 2, 1, 2

    connect_serial
    gate 2, handler
    mov dword ptr [apic_task_priority], 0xff
    io_apic_entry 4, level | deliver_nmi | 0x44
    raise_irq4
    log 1
    lower_irq4
    raise_irq4
    read_entry ebx, 4
    finish
handler:
    log 2
    iretd
