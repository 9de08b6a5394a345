# From one-shot to periodic mode, and back, the count goes on; the mode matters when it reaches 0 (Intel SDM Vol. 3,
# 11.5.4: the count-down starts with the write of the initial count).

expect rbx, 1
expect rcx, 0
expect_log 0x41, 0x41, 1, 0x41

    log_interrupts end_apic, 0x41
    mov dword ptr [apic_lvt_timer], 0x41
    mov dword ptr [apic_initial_count], 1000
    mov dword ptr [apic_lvt_timer], timer_periodic | 0x41
    sti
    hlt
    hlt
    cli
    log 1
    cmp dword ptr [apic_current_count], 1
    sbb ebx, ebx
    inc ebx
    mov dword ptr [apic_lvt_timer], 0x41
    sti
    hlt
    cli
    mov ecx, [apic_current_count]
    finish
