# An NMI by interrupt command is taken with interrupts disabled and whatever the task priority; it sets no request and
# no service, and its vector is ignored (Intel SDM Vol. 3, 11.6.1).

expect rbx, 0
expect_log 2, 1

    gate 2, handler
    mov dword ptr [apic_task_priority], 0xff
    send_ipi 0, deliver_nmi | 0x41
    log 1
    finish
handler:
    log 2
    .irp register, request, in_service
    or ebx, [apic_\register]
    or ebx, [apic_\register + 0x20]
    .endr
    iretd
