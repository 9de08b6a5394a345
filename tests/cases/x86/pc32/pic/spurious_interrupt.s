# When the request has gone away by the time of its acknowledge the 8259A answers with the vector of input 7, and has
# nothing in service (Intel 8259A datasheet, "Edge and Level Triggered Modes"). The I/O APIC's ExtINT message makes the
# CPU ask though the line has fallen.

expect rbx, 0
expect_log 0x27, 1

    initialize_pics 0x90, 0
    connect_serial
    gate 0x27, handler
    mov dword ptr [apic_lvt_lint0], masked
    io_apic_entry 4, deliver_external
    raise_irq4
    lower_irq4
    interrupt_window
    log 1
    finish
handler:
    log 0x27
    output 0x20, 0x0b
    in al, 0x20
    movzx ebx, al
    iretd
