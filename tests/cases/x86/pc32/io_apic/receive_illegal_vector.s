# A vector below 16 is a receive error at the local APIC, bit 6 of its error status; the interrupt is lost (Intel SDM
# Vol. 3, 11.5.2 and 11.5.3).

expect rbx, 0x40
expect rcx, 0
expect_log 0xe5

    connect_serial
    log_interrupts end_apic, 0xe5
    mov dword ptr [apic_lvt_error], 0xe5
    io_apic_entry 4, 0x0f
    raise_irq4
    interrupt_window
    mov dword ptr [apic_error_status], 0
    mov ebx, [apic_error_status]
    mov ecx, [apic_request]
    finish
