# The shadow of STI in real mode: the instruction behind it is executed before a pending interrupt (Intel SDM Vol. 2,
# STI).

expect rbx, behind
expect_log 0x24

    initialize_pics 0x10, 0
    connect_serial
    gate 0x24, handler
    raise_irq4
    sti
    nop
behind:
    nop
    finish
handler:
    push ax
    log 0x24
    mov bp, sp
    mov bx, [bp + 2]
    xor bp, bp
    output 0x20, 0x20
    pop ax
    iret
