# An interrupt is held back while its priority class, bits 7:4 of the vector, is not above that of the task priority;
# the subclass of the task priority makes no difference (Intel SDM Vol. 3, 11.8.3.1).

expect rbx, 1 << 1              # 41H stays requested meanwhile.
expect_log 0x51, 1, 0x41, 2, 0x42

    log_interrupts end_apic, 0x41, 0x42, 0x51
    mov dword ptr [apic_task_priority], 0x40
    self_ipi 0x41
    self_ipi 0x51
    interrupt_window
    log 1
    mov ebx, [apic_request + 0x20]
    mov dword ptr [apic_task_priority], 0x3f
    interrupt_window
    mov dword ptr [apic_task_priority], 0x4f
    self_ipi 0x42
    interrupt_window
    log 2
    mov dword ptr [apic_task_priority], 0x30
    interrupt_window
    finish
