# To send a vector below 16 is an error: bit 5 of the error status, the error interrupt, and no such interrupt
# (Intel SDM Vol. 3, 11.5.2 and 11.5.3). A self-IPI may be a receive error too, bit 6, which this case leaves open.

expect rbx, 0x20
expect rcx, 0
expect_log 0xe5

    log_interrupts end_apic, 0xe5
    mov dword ptr [apic_lvt_error], 0xe5
    self_ipi 0x0f
    interrupt_window
    mov dword ptr [apic_error_status], 0
    mov ebx, [apic_error_status]
    and ebx, 0x20
    mov ecx, [apic_request]
    finish
