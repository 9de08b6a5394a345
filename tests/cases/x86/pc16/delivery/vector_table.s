# In real mode an interrupt goes through the vector table: FLAGS, CS and IP are pushed, and IF and TF are cleared
# (Intel SDM Vol. 3, 21.1.4). The 8259 is initialized as a BIOS does it, with IRQ0 at vector 8.

expect rbx, behind
expect rcx, 0
expect rdx, IF|2
expect rsi, 0
expect rsp, 0x7000
expect_log 8

    initialize_pics 1, 0
    output 0x20, 0x11
    output 0x21, 8
    output 0x21, 4
    output 0x21, 1
    output 0x21, 0xfe
    gate 8, handler
    lower_irq0
    raise_irq0
    push IF|2
    popf
behind:
    nop
    finish
handler:
    log 8
    pushf
    pop si
    and si, IF|TF
    pop bx
    pop cx
    pop dx
    push dx
    push cx
    push bx
    output 0x20, 0x20
    iret
