# What LINT0 makes of the 8259's request is up to its LVT entry: an interrupt with a vector of its own that is in
# service here, or an NMI, as it serves for a watchdog (Intel SDM Vol. 3, 11.5.1). The 8259's own vector is not asked
# for.

expect rbx, 1 << 5
expect rcx, 0
expect_log 0x45, 2

    initialize_pics 1 << 4, 0
    connect_serial
    gate 0x45, fixed
    gate 2, nmi
    mov dword ptr [apic_lvt_lint0], 0x45
    raise_irq4
    interrupt_window
    lower_irq4
    mov dword ptr [apic_lvt_lint0], deliver_nmi | 0x45
    raise_irq4
    output 0x20, 0x0b
    in al, 0x20
    movzx ecx, al                   # The 8259's services.
    finish
fixed:
    log 0x45
    mov ebx, [apic_in_service + 0x20]
    end_apic
    iretd
nmi:
    log 2
    iretd
