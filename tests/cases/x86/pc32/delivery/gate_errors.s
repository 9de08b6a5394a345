# When an interrupt's gate is of no use the exception's error code has the vector times 8, the IDT bit, 2, and EXT, 1,
# because the event is external (Intel SDM Vol. 3, 6.13); EIP is that of the interrupted program. The local APIC has
# the interrupt in service all the same.

expect rbx, 1 << 2              # 41H was ended in between.
expect rcx, 1 << 30
expect_memory results, 12, 0x42 << 35 | 0x3 << 32 | 0x41 << 3 | 3, 0xfe << 3 | 3
expect_log 13, 11, 13

    gate 13, handler_13
    gate 11, handler_11
    mov ebp, offset results
    mov byte ptr [interrupt_table + 0x41 * 8 + 5], 0x80     # Type 0.
    mov byte ptr [interrupt_table + 0x42 * 8 + 5], 0x0e     # Not present.
    lidt [table]                                            # 0xfe lies beyond.
    self_ipi 0x41
    interrupt_window
    self_ipi 0x42
    mov dword ptr [apic_end], 0
    interrupt_window
    mov ebx, [apic_in_service + 0x20]
    self_ipi 0xfe
    interrupt_window
    mov ecx, [apic_in_service + 0x70]
    xor ebp, ebp
    finish
table:
    .word 0xfe * 8 - 1
    .long interrupt_table
    .irp vector, 11, 13
handler_\vector:
    log \vector
    pop eax
    mov [ebp], eax
    add ebp, 4
    iretd
    .endr
