# REP STOS to a register of a device is interrupted after the store that raises an interrupt, also in 64-bit mode where
# runs of RAM go in one piece; the rest follows (Intel SDM Vol. 2, REP).

expect rbx, 4
expect rcx, 0
expect rdi, interrupt_log + 1
expect_memory interrupt_log, 1, 0x41

    gate 0x41, handler
    mov r8d, local_apic
    mov eax, to_self | assert | 0x41
    mov edi, apic_command - 8
    mov ecx, 7
    push IF|2
    popfq
    rep stosd
    cli
    mov edi, interrupt_log
    log 0x41
    xor r8d, r8d
    finish
handler:
    mov rbx, rcx
    mov dword ptr [r8 + 0xb0], 0
    iretq
