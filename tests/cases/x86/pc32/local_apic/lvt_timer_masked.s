# A timer that runs out while its LVT entry is masked sets no request, and nothing is made up for when the entry is
# unmasked (Intel SDM Vol. 3, 11.5.1 and 11.5.4).

expect rbx, 0
expect rcx, 0
expect_log 1, 0x41

    log_interrupts end_apic, 0x41
    mov dword ptr [apic_lvt_timer], masked | 0x41
    mov dword ptr [apic_initial_count], 100
1:  cmp dword ptr [apic_current_count], 0
    jne 1b
    mov ebx, [apic_request + 0x20]
    mov dword ptr [apic_lvt_timer], 0x41
    mov ecx, [apic_request + 0x20]
    interrupt_window
    log 1
    mov dword ptr [apic_initial_count], 100
    sti
    hlt
    finish
