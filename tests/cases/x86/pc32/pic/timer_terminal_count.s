# A counter in mode 0 raises IRQ0 when its count is over, and keeps it high: one edge (Intel 8254 datasheet, "Mode 0").
# In mode 2 it comes again and again (8254, "Mode 2").

expect rbx, 1
expect_log 0x20, 1, 0x20, 0x20, 0x20

    initialize_pics 1, 0
    log_interrupts end_pic, 0x20
    lower_irq0
    output 0x40, 100
    output 0x40, 0
    sti
    hlt
    cli
    output 0x43, 0xe2
    in al, 0x40
    movzx ebx, al
    shr ebx, 7                  # OUT.
    lower_irq0
    raise_irq0
    output 0x40, 100
    output 0x40, 0
    log 1
    sti
    hlt
    hlt
    hlt
    finish
