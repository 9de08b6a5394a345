# The edge/level control registers can set inputs to level but for 0, 1, 2, 8 and 13 (Intel PIIX4 datasheet, ELCR1 and
# ELCR2). ICW1's level bit has no effect beside them.

expect rbx, 0xdef8
expect rcx, 0x1000
expect_log 0x24, 1

    mov dx, 0x4d0
    mov ax, 0xffff
    out dx, ax
    in ax, dx
    movzx ebx, ax
    mov ax, 0x1000
    out dx, ax
    in ax, dx
    movzx ecx, ax
    xor edx, edx
    output 0x20, 0x19           # Level-triggered, says ICW1.
    output 0x21, 0x20
    output 0x21, 4
    output 0x21, 1
    output 0x21, 0xef
    connect_serial
    log_interrupts end_pic, 0x24
    raise_irq4
    interrupt_window
    interrupt_window
    log 1
    finish
