# From xAPIC to x2APIC mode registers keep what they hold, and requests wait on (Intel SDM Vol. 3, 11.12.5.1).

expect rbx, 0x30
expect rsi, 0xe5
expect rbp, 1 << 1
expect_log 0x41

    log_interrupts 0x41
    mov ebx, local_apic
    mov dword ptr [rbx + 0x80], 0x30
    mov dword ptr [rbx + 0x370], 0xe5
    mov dword ptr [rbx + 0x300], to_self | assert | 0x41
    enter_x2apic
    read_apic apic_task_priority
    mov ebx, eax
    read_apic apic_lvt_error
    mov esi, eax
    read_apic apic_request+0x20
    mov ebp, eax
    clear_scratch
    interrupt_window
    finish
