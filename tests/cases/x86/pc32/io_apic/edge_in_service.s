# An edge that comes while the handler of the one before still runs waits in the local APIC's IRR (Intel SDM Vol. 3,
# 11.8.4).

expect_log 0x44, 1, 0x44, 2

    connect_serial
    gate 0x44, handler
    io_apic_entry 4, 0x44
    raise_irq4
    interrupt_window
    log 2
    finish
handler:
    log 0x44
    cmp edi, interrupt_log + 1
    jne 1f
    lower_irq4
    raise_irq4
    lower_irq4
    interrupt_window
    log 1
1:  end_apic
    iretd
