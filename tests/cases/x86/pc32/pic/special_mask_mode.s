# In special mask mode a service whose input is masked stands before nothing, so that a handler can let lower
# priorities through; a non-specific EOI does not reach it (Intel 8259A datasheet, "Special Mask Mode").

expect rbx, 0x08
expect_log 0x23, 1, 0x24, 2, 3

    initialize_pics 0x18, 0
    connect_serial
    gate 0x24, inner
    gate 0x23, handler
    raise_irq3
    interrupt_window
    log 3
    finish
handler:
    push eax
    log 0x23
    raise_irq4
    output 0x21, 0xef           # Masks 3 alone; that does not let 4 through,
    interrupt_window
    log 1
    output 0x20, 0x68           # special mask mode does.
    interrupt_window
    log 2
    output 0x20, 0x48           # Off again.
    output 0x20, 0x63
    pop eax
    iretd
inner:
    push eax
    log 0x24
    output 0x20, 0x20
    output 0x20, 0x0b
    in al, 0x20
    movzx ebx, al               # 4 has ended.
    output 0x20, 0x20
    in al, 0x20
    cmp al, 0x08                # 3 is out of reach.
    jne 1f
    pop eax
    iretd
1:  hlt
