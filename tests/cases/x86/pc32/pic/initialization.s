# ICW1 clears the mask and the edge sense, so that a line which is high must fall and rise to be seen; input 0 has the
# highest priority again, special mask mode ends, and the request register is read (Intel 8259A datasheet,
# "Initialization Command Words 1 and 2").

expect rbx, 0x10                # IRR before.
expect rcx, 0                   # IMR.
expect rdx, 0                   # IRR.
expect_log 1, 0x24, 0x23, 0x24

    initialize_pics 0, 0
    connect_serial
    log_interrupts end_pic, 0x23, 0x24
    raise_irq4
    in al, 0x20
    movzx ebx, al
    output 0x20, 0xc3           # Input 3 gets the lowest priority.
    output 0x20, 0x6b           # Special mask mode; reads show services.
    initialize_pics 0xff, 0
    in al, 0x21
    movzx ecx, al
    in al, 0x20
    movzx edx, al
    interrupt_window
    log 1
    lower_irq4
    raise_irq4
    interrupt_window
    lower_irq4
    raise_irq4
    raise_irq3
    interrupt_window
    finish
