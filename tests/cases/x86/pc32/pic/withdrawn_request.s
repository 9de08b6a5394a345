# An edge-triggered request must stay high until it is acknowledged: one that falls before is gone (Intel 8259A
# datasheet, "Edge and Level Triggered Modes").

expect rbx, 0x10
expect rcx, 0
expect_log 1

    initialize_pics 0x10, 0
    connect_serial
    raise_irq4
    in al, 0x20
    movzx ebx, al
    lower_irq4
    in al, 0x20
    movzx ecx, al
    interrupt_window
    log 1
    finish
