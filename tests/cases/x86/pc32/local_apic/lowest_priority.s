# A lowest-priority interrupt goes to the only one addressed, however high its priority is now; it then waits for that
# (Intel SDM Vol. 3, 11.6.2.4).

expect rbx, 1 << 1
expect_log 1, 0x41

    log_interrupts end_apic, 0x41
    mov dword ptr [apic_logical_destination], 0x01000000
    mov dword ptr [apic_task_priority], 0xf0
    send_ipi 0x81, logical | lowest_priority | 0x41
    mov ebx, [apic_request + 0x20]
    interrupt_window
    log 1
    mov dword ptr [apic_task_priority], 0
    interrupt_window
    finish
