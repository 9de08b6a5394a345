# In fully nested mode the master holds back all of the slave while input 2 is in service, also a slave's request of
# higher priority (Intel 8259A datasheet, "The Special Fully Nested Mode").

expect_log 0x2c, 1, 0x28

    initialize_pics 4, 0x11
    connect_keyboard
    log_interrupts end_both_pics, 0x28
    gate 0x2c, handler
    start_clock
    raise_irq12
    pushfd
    or dword ptr [esp], IF
    popfd
    finish
handler:
    push eax
    log 0x2c
1:  output 0xa0, 0x0a
    in al, 0xa0
    test al, 1
    jz 1b
    interrupt_window
    log 1
    output 0xa0, 0x20
    output 0x20, 0x20
    pop eax
    iretd
