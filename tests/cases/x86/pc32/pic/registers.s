# At the lower port a read gives the request or the service register, as OCW3 has chosen last; other commands leave the
# choice alone. At the upper port it gives the mask (Intel 8259A datasheet, "Reading the 8259A Status").

expect_log 0x18, 0x24, 0x10, 0x08, 0x08, 0x10, 0xe7

    initialize_pics 0x18, 0
    connect_serial
    gate 0x23, handler
    raise_irq3
    raise_irq4
    in al, 0x20
    log al                      # Both are requested.
    interrupt_window
    in al, 0x21
    log al
    output 0x21, 0xff
    finish
handler:
    push eax
    log 0x24
    in al, 0x20
    log al                      # 4 is requested,
    output 0x20, 0x0b
    in al, 0x20
    log al                      # 3 in service,
    output 0x20, 0x48
    in al, 0x20
    log al                      # still that,
    output 0x20, 0x0a
    in al, 0x20
    log al                      # and requests again.
    output 0x21, 0xf7
    output 0x20, 0x20
    output 0x21, 0xe7
    lower_irq4
    pop eax
    iretd
