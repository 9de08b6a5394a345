# Of several requests the one with the highest vector is delivered first, whatever the order in which they came; within
# one class too (Intel SDM Vol. 3, 11.8.3 and 11.8.4).

expect_log 0xe1, 0x4f, 0x41, 0x40, 0x31

    log_interrupts end_apic, 0x31, 0x40, 0x41, 0x4f, 0xe1
    .irp vector, 0x40, 0xe1, 0x31, 0x4f, 0x41
    self_ipi \vector
    .endr
    interrupt_window
    finish
