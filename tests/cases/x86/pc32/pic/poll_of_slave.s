# Each chip is polled on its own: of the slave a poll tells the number of its input, and leaves the master's request of
# input 2 without a cause (Intel 8259A datasheet, "Poll Command").

expect rbx, 0x84
expect rcx, 0x04
expect rdx, 0
expect_log 0x2c

    initialize_pics 4, 0x10
    connect_keyboard
    raise_irq12
    in al, 0x20
    movzx ecx, al               # The master's requests.
    output 0xa0, 0x0c
    in al, 0xa0
    movzx ebx, al
    in al, 0x20
    movzx edx, al
    interrupt_window
    output 0xa0, 0x20
    log_interrupts end_both_pics, 0x2c
    lower_keyboard
    raise_irq12
    interrupt_window
    finish
