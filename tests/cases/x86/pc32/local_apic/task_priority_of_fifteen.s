# Task priority class 15 holds back every fixed interrupt, FFH included (Intel SDM Vol. 3, 11.8.3.1), and class 0 none.

expect rbx, 1 << 31
expect_log 1, 0xff, 0x10

    log_interrupts end_apic, 0x10, 0xff
    mov dword ptr [apic_task_priority], 0xf0
    self_ipi 0xff
    self_ipi 0x10
    interrupt_window
    log 1
    mov ebx, [apic_request + 0x70]
    mov dword ptr [apic_task_priority], 0x0f
    interrupt_window
    finish
