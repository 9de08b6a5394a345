# A write of CR8 that lets an interrupt through is followed by it at once, with IF set (Intel SDM Vol. 3, 11.8.6).

expect rbx, behind
expect rsi, 0
expect_log 1, 0x41

    gate 0x41, handler
    enter_x2apic
    mov esi, 4
    mov cr8, rsi
    self_ipi 0x41
    interrupt_window
    log 1
    push IF|2
    popfq
    xor esi, esi
    mov cr8, rsi
behind:
    clear_scratch
    finish
handler:
    log 0x41
    mov rbx, [rsp]
    write_apic apic_end, 0
    iretq
