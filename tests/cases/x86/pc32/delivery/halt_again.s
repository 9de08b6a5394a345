# An interrupt that the task priority holds back does not wake from HLT, another does, and returns behind it (Intel SDM
# Vol. 2, HLT; Vol. 3, 11.8.3).

expect rbx, behind
expect_log 0x51, 1, 0x41

    log_interrupts end_apic, 0x41
    gate 0x51, handler
    mov dword ptr [apic_task_priority], 0x40
    self_ipi 0x41
    mov dword ptr [apic_lvt_timer], 0x51
    mov dword ptr [apic_initial_count], 1000
    sti
    hlt
behind:
    cli
    log 1
    mov dword ptr [apic_task_priority], 0
    interrupt_window
    finish
handler:
    log 0x51
    mov ebx, [esp]
    end_apic
    iretd
