# The processor priority is the task priority when that has the higher or the same class, and otherwise the class of
# the highest interrupt in service, with subclass 0 (Intel SDM Vol. 3, 11.8.3.1).

expect_log 0x35, 0x40, 0x40, 0x45, 0x52, 0x35

    gate 0x47, handler
    mov dword ptr [apic_task_priority], 0x35
    mov dword ptr [apic_processor_priority], 0       # Read-only.
    call show
    self_ipi 0x47
    interrupt_window
    call show
    finish
show:
    mov eax, [apic_processor_priority]
    log al
    ret
handler:
    call show
    mov dword ptr [apic_task_priority], 0x3f
    call show
    mov dword ptr [apic_task_priority], 0x45
    call show
    mov dword ptr [apic_task_priority], 0x52
    call show
    mov dword ptr [apic_task_priority], 0x35
    end_apic
    iretd
