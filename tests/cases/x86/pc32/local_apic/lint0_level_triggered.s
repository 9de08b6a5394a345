# LINT0 in fixed mode can be level-triggered: its remote IRR is set from acceptance to EOI, and the interrupt comes
# again as long as the pin is high (Intel SDM Vol. 3, 11.5.1 and figure 11-8).

expect rbx, level | remote_irr | 0x45
expect rcx, level | 0x45
expect rdx, 1 << 5
expect_log 0x45, 0x45, 0x45, 1

    initialize_pics 1 << 4, 0
    connect_serial
    gate 0x45, handler
    mov dword ptr [apic_lvt_lint0], level | 0x45
    raise_irq4
    interrupt_window
    log 1
    mov ecx, [apic_lvt_lint0]
    finish
handler:
    log 0x45
    mov ebx, [apic_lvt_lint0]
    mov edx, [apic_trigger_mode + 0x20]
    cmp edi, interrupt_log + 3
    jne 1f
    lower_irq4
1:  end_apic
    iretd
