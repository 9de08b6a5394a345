# Disabled by bit 8 of the spurious vector register, the APIC masks all LVT entries, lets no one unmask them, and
# accepts no fixed interrupts; what it had accepted before it still delivers (Intel SDM Vol. 3, 11.4.7.2). Enabled
# again, entries stay masked until they are written.

expect rbx, masked | 0x45
expect rcx, masked | 0x45
expect rdx, masked | 0x45
expect rsi, 0x45
expect_log 0x41, 1, 0x43

    log_interrupts end_apic, 0x41, 0x42, 0x43
    mov dword ptr [apic_lvt_error], 0x45
    self_ipi 0x41
    mov dword ptr [apic_spurious], 0xff
    mov ebx, [apic_lvt_error]
    mov dword ptr [apic_lvt_error], 0x45
    mov ecx, [apic_lvt_error]
    self_ipi 0x42
    interrupt_window
    log 1
    mov dword ptr [apic_spurious], 0x1ff
    mov edx, [apic_lvt_error]
    mov dword ptr [apic_lvt_error], 0x45
    mov esi, [apic_lvt_error]
    self_ipi 0x43
    interrupt_window
    finish
