# In periodic mode the count is reloaded at 0 and the timer interrupts again and again, until an initial count of 0
# stops it (Intel SDM Vol. 3, 11.5.4). Three periods take three times the count; the TSC runs at a constant rate beside
# it.

expect rbx, 3
expect rcx, 0
expect_log 0x41, 0x41, 0x41, 0x41, 0x41

    log_interrupts end_apic, 0x41
    mov dword ptr [apic_divide], 0xb
    mov dword ptr [apic_lvt_timer], timer_periodic | 0x41
    mov dword ptr [apic_initial_count], 1000000
    sti
    hlt
    rdtsc
    mov esi, eax
    hlt
    rdtsc
    mov ebp, eax                # A period after ESI.
    hlt
    hlt
    hlt
    cli
    rdtsc
    sub eax, ebp                # Three periods.
    sub ebp, esi
    mov ecx, ebp
    shr ecx, 1
    add eax, ecx                # To round to the next.
    xor edx, edx
    div ebp
    mov ebx, eax
    mov dword ptr [apic_initial_count], 0
    mov ecx, [apic_current_count]
    xor edx, edx
    xor esi, esi
    xor ebp, ebp
    finish
