# A mask hides a request, it does not forget it: the edge is in the request register meanwhile (Intel 8259A datasheet,
# "Interrupt Masks" and "Priority Cell").

expect rbx, 0x10
expect_log 1, 0x24, 2

    initialize_pics 0, 0
    connect_serial
    log_interrupts end_pic, 0x24
    raise_irq4
    interrupt_window
    log 1
    in al, 0x20
    movzx ebx, al
    output 0x21, 0xef
    interrupt_window
    log 2
    finish
