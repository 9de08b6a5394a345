# An interrupt gate clears IF, a trap gate does not; both clear TF, NT and RF, and push the flags as they were
# (Intel SDM Vol. 3, 6.12.1.3).

expect rbx, 0
expect rcx, IF
expect rdx, NT | IF
expect rsi, NT | IF
expect_log 0x41, 0x42

    gate 0x41, interrupt_gate
    gate 0x42, trap_gate
    mov byte ptr [interrupt_table + 0x42 * 8 + 5], 0x8f
    push NT | IF | 2
    popfd
    self_ipi 0x41
    self_ipi 0x42
    push 2
    popfd
    finish
interrupt_gate:
    log 0x41
    pushfd
    pop ebx
    and ebx, NT | IF | TF
    mov edx, [esp + 8]
    and edx, NT | IF
    end_apic
    iretd
trap_gate:
    log 0x42
    pushfd
    pop ecx
    and ecx, NT | IF | TF
    mov esi, [esp + 8]
    and esi, NT | IF
    end_apic
    iretd
