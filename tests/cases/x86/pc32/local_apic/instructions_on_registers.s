# A register takes any aligned 32-bit access, by whatever instruction (Intel SDM Vol. 3, 11.4.1): read-modify-write,
# exchange, PUSH, and string instructions.

expect rbx, 0x50
expect rdx, 0x20
expect rbp, 0x35
expect rsi, 0x61
expect rcx, 0
expect_log 0x47

    log_interrupts end_apic, 0x47
    mov dword ptr [apic_task_priority], 0x10
    add dword ptr [apic_task_priority], 0x40
    push dword ptr [apic_task_priority]
    pop ebx
    mov edx, 0x35
    xchg edx, [apic_task_priority]
    sub edx, 0x30
    mov ebp, [apic_task_priority]
    mov ecx, 1
    mov esi, offset count
    push edi
    mov edi, offset apic_task_priority
    rep movsd
    pop edi
    mov esi, [apic_task_priority]
    and dword ptr [apic_task_priority], 0
    mov esp, offset apic_command + 4
    push to_self | assert | 0x47
    mov esp, 0x1f0000
    interrupt_window
    finish
count:
    .long 0x61
