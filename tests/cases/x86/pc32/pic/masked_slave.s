# To mask input 2 of the master holds back the whole slave (Intel 8259A datasheet, "Cascade Mode").

expect_log 1, 0x2c

    initialize_pics 0, 0x10
    connect_keyboard
    log_interrupts end_both_pics, 0x2c
    raise_irq12
    interrupt_window
    log 1
    output 0x21, 0xfb
    interrupt_window
    finish
