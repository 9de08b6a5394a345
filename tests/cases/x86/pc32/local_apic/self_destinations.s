# The ways to address oneself: the shorthands "self" and "all including self", one's own physical ID, the physical
# broadcast FFH; and the ways not to: another's ID and "all excluding self" (Intel SDM Vol. 3, 11.6.1 and 11.6.2.1).
# The command register reads as it was written, and as idle.

expect rbx, to_others | assert | 0x47
expect rcx, 0x01000000
expect_log 0x44, 0x43, 0x42, 0x41

    log_interrupts end_apic, 0x41, 0x42, 0x43, 0x44
    self_ipi 0x41
    mov dword ptr [apic_command], to_all | assert | 0x42
    send_ipi 0, 0x43
    send_ipi 0xff, 0x44
    send_ipi 1, 0x46
    mov ecx, [apic_command_high]
    mov dword ptr [apic_command], to_others | assert | 0x47
    mov ebx, [apic_command]
    interrupt_window
    finish
