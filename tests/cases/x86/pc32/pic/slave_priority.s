# The slave's requests come at the priority of the master's input 2, after input 1 and before input 3 (Intel 8259A
# datasheet, "Cascade Mode"); its service needs an EOI of both chips.

expect_log 0x21, 0x2c, 1, 0x23

    initialize_pics 0x0e, 0x10
    connect_serial
    connect_keyboard
    log_interrupts end_pic, 0x21, 0x23
    gate 0x2c, handler
    raise_irq3
    raise_irq1
    pushfd
    or dword ptr [esp], IF
    gate 0x21, first
    popfd
    finish
first:
    push eax
    log 0x21
    in al, 0x60                 # The keyboard's byte; the next comes for IRQ12.
    raise_irq12
    output 0x20, 0x20
    pop eax
    iretd
handler:
    push eax
    log 0x2c
    output 0xa0, 0x20
    interrupt_window            # The master still serves input 2.
    log 1
    output 0x20, 0x20
    pop eax
    iretd
