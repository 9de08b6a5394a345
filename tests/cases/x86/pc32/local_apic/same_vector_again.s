# While an interrupt is in service one more with its vector waits in the IRR, and further ones merge with that
# (Intel SDM Vol. 3, 11.8.4).

expect rbx, 1 << 1
expect rcx, 1 << 1
expect_log 0x41, 0x41, 2

    gate 0x41, handler
    self_ipi 0x41
    self_ipi 0x41                   # Merges with the one that waits.
    interrupt_window
    log 2
    finish
handler:
    log 0x41
    cmp edi, interrupt_log + 1
    jne 1f
    .rept 3
    self_ipi 0x41
    .endr
    mov ebx, [apic_request + 0x20]
    mov ecx, [apic_in_service + 0x20]
1:  end_apic
    iretd
