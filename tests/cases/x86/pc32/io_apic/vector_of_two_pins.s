# Two level-triggered pins with one vector are one interrupt for the local APIC, whose EOI ends it at both entries
# (Intel 82093AA datasheet, 3.2.4, remote IRR).

expect rbx, remote_irr
expect rcx, 0
expect_log 0x44, 1

    connect_serial
    gate 0x44, handler
    io_apic_entry 3, level | 0x44
    io_apic_entry 4, level | 0x44
    raise_irq3
    raise_irq4
    interrupt_window
    log 1
    call both
    mov ecx, eax
    finish
both:                           # EAX: the remote IRR that both have.
    read_entry eax, 3
    read_entry edx, 4
    and eax, edx
    and eax, remote_irr
    xor edx, edx
    ret
handler:
    log 0x44
    call both
    mov ebx, eax
    lower_irq3
    lower_irq4
    end_apic
    iretd
