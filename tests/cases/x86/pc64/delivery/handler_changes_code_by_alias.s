# What a handler writes to code by another linear address of its page runs after the return (Intel SDM Vol. 3, 9.1.3):
# the instruction that was interrupted before, and was decoded already.

expect rbx, 0x12
expect_log 0x41, 0x41

    mov dword ptr [page_table + 0x1d0 * 8], 0x10000 | 3
    gate 0x41, handler
    enter_x2apic
    mov esi, 2
again:
    self_ipi 0x41
    push IF|2
    popfq
patched:
    mov ebx, 0x10
    cli
    dec esi
    jnz again
    clear_scratch
    finish
handler:
    log 0x41
    inc byte ptr [patched + 1 + 0x1c0000]
    write_apic apic_end, 0
    iretq
