# A handler that sets IF again is interrupted by a higher class, and neither by its own nor by a lower one, until it
# has sent EOI (Intel SDM Vol. 3, 11.8.3 and 11.8.4).

expect_log 0x51, 0x61, 1, 0x5f, 0x51, 0x41

    log_interrupts end_apic, 0x41, 0x5f, 0x61
    gate 0x51, handler
    gate 0x52, again
    self_ipi 0x51
    interrupt_window
    self_ipi 0x52
    interrupt_window
    self_ipi 0x41
    interrupt_window
    finish
handler:
    log 0x51
    self_ipi 0x5f
    self_ipi 0x61
    interrupt_window
    log 1
    end_apic
    iretd
again:
    log 0x51
    end_apic
    iretd
