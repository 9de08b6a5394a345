# In level mode a pin interrupts as long as it is high: remote IRR is set when a local APIC takes the interrupt and
# cleared by its EOI, and a pin that is still high interrupts again (Intel 82093AA datasheet, 3.2.4; Intel SDM Vol. 3,
# 11.8.5, the trigger mode register).

expect rbx, level | remote_irr | 0x44
expect rcx, level | 0x44
expect rdx, 1 << 4
expect_log 0x44, 0x44, 0x44, 1

    connect_serial
    gate 0x44, handler
    io_apic_entry 4, level | 0x44
    raise_irq4
    interrupt_window
    log 1
    read_entry ecx, 4
    finish
handler:
    log 0x44
    mov edx, [apic_trigger_mode + 0x20]
    read_entry ebx, 4
    cmp edi, interrupt_log + 3
    jne 1f
    lower_irq4
1:  end_apic
    iretd
