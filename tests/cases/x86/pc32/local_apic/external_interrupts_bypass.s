# An interrupt of the 8259 that LINT0 passes through (ExtINT) is not the local APIC's: the task priority does not hold
# it back, it is in no service register, and needs no EOI there (Intel SDM Vol. 3, 11.5.1 and 11.8.4). Masked, LINT0
# lets none through.

expect rbx, 0
expect_log 0x24, 1, 2, 0x24

    initialize_pics 1 << 4, 0
    connect_serial
    gate 0x24, handler
    mov dword ptr [apic_task_priority], 0xff
    raise_irq4
    interrupt_window
    log 1
    mov dword ptr [apic_lvt_lint0], masked | deliver_external
    lower_irq4
    raise_irq4
    interrupt_window
    log 2
    mov dword ptr [apic_lvt_lint0], deliver_external
    interrupt_window
    finish
handler:
    log 0x24
    mov ebx, [apic_in_service + 0x10]
    or ebx, [apic_request + 0x10]
    output 0x20, 0x20
    iretd
