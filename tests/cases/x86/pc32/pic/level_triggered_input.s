# A level-triggered input requests as long as it is high: again after each EOI, and, unlike an edge, also when it was
# high before initialization (Intel 8259A datasheet, "Edge and Level Triggered Modes").

expect rbx, 0x10
expect_log 0x24, 0x24, 0x24, 1

    connect_serial
    mov dx, 0x4d0
    mov al, 0x10
    out dx, al
    xor edx, edx
    raise_irq4
    initialize_pics 0x10, 0
    gate 0x24, handler
    in al, 0x20
    movzx ebx, al
    interrupt_window
    log 1
    finish
handler:
    push eax
    log 0x24
    cmp edi, interrupt_log + 3
    jne 1f
    lower_irq4
1:  output 0x20, 0x20
    pop eax
    iretd
