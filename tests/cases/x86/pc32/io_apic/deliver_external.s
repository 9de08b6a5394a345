# An entry in ExtINT mode has the 8259s asked for the vector, which they give for the request of their own that the
# same line makes (Intel 82093AA datasheet, 3.2.4, delivery mode). No service of the local APIC is set, and none needs
# an end.

expect rbx, 0
expect rcx, 1 << 4
expect_log 0x24, 1

    initialize_pics 1 << 4, 0
    connect_serial
    gate 0x24, handler
    mov dword ptr [apic_lvt_lint0], masked
    io_apic_entry 4, deliver_external | 0x44
    raise_irq4
    interrupt_window
    log 1
    finish
handler:
    log 0x24
    mov ebx, [apic_in_service + 0x20]
    or ebx, [apic_in_service + 0x10]
    output 0x20, 0x0b
    in al, 0x20
    movzx ecx, al
    output 0x20, 0x20
    iretd
