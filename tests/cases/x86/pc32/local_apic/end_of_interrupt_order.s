# EOI ends the interrupt in service of the highest priority, and the next EOI the one below, whichever handler sends
# them; with nothing in service it does nothing (Intel SDM Vol. 3, 11.8.5).

expect rbx, 1 << 1              # 41H alone is still in service after the first EOI,
expect rcx, 0                   # and neither after the second.
expect_log 0x41, 0x61, 0x51, 1

    log_interrupts end_apic, 0x51
    gate 0x41, outer
    gate 0x61, inner
    self_ipi 0x41
    interrupt_window
    log 1
    finish
outer:
    log 0x41
    self_ipi 0x61
    interrupt_window
    end_apic
    self_ipi 0x51
    interrupt_window
    iretd
inner:
    log 0x61
    end_apic
    mov ebx, [apic_in_service + 0x20]
    or ebx, [apic_in_service + 0x30]
    end_apic
    mov ecx, [apic_in_service + 0x20]
    or ecx, [apic_in_service + 0x30]
    iretd
