# A local source whose LVT entry has a vector below 16 makes a receive error, bit 6 of the error status, in place of
# the interrupt (Intel SDM Vol. 3, 11.5.3).

expect rbx, 0x40
expect rcx, 0
expect_log 0xe5

    log_interrupts end_apic, 0xe5
    mov dword ptr [apic_lvt_error], 0xe5
    mov dword ptr [apic_lvt_timer], 0x0f
    mov dword ptr [apic_initial_count], 10
    sti
    hlt
    cli
    mov dword ptr [apic_error_status], 0
    mov ebx, [apic_error_status]
    mov ecx, [apic_request]
    finish
