# The error status shows what has gone wrong up to the latest write of it, and not before that; with that write errors
# are collected anew (Intel SDM Vol. 3, 11.5.3).

expect rbx, 0
expect rcx, 0xa0
expect rdx, 0xa0
expect rsi, 0x80
expect rbp, 0

    self_ipi 3
    mov eax, [local_apic + 0x40]    # A reserved register.
    mov ebx, [apic_error_status]
    mov dword ptr [apic_error_status], 0xffffffff
    mov ecx, [apic_error_status]
    and ecx, ~0x40                  # A self-IPI may be a receive error too.
    mov eax, [local_apic + 0x40]
    mov edx, [apic_error_status]
    and edx, ~0x40
    mov dword ptr [apic_error_status], 0
    mov esi, [apic_error_status]
    mov dword ptr [apic_error_status], 0
    mov ebp, [apic_error_status]
    finish
