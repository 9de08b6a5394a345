# ICW2 gives the upper five bits of the vectors, the input the lower three (Intel 8259A datasheet, "Initialization
# Command Words 1 and 2"); each chip has its own.

expect_log 0x44, 0x43, 0x7c

    initialize_pics
    connect_serial
    connect_keyboard
    output 0x20, 0x11
    output 0x21, 0x47
    output 0x21, 4
    output 0x21, 1
    output 0xa0, 0x11
    output 0xa1, 0x7f
    output 0xa1, 2
    output 0xa1, 1
    log_interrupts end_pic, 0x43, 0x44
    log_interrupts end_both_pics, 0x7c
    .irp line, 4, 3, 12
    raise_irq\line
    interrupt_window
    .endr
    finish
