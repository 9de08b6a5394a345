# While an NMI is handled further ones are held back, and of those only one is remembered; it comes with the IRET that
# ends the first, before the next instruction (Intel SDM Vol. 3, 6.7.1).

expect rbx, resumed
expect_log 1, 2, 1, 2, 3

    gate 2, handler
    send_ipi 0, deliver_nmi
resumed:
    log 3
    finish
handler:
    log 1
    mov ebx, [esp]
    cmp edi, interrupt_log + 1
    jne 1f
    send_ipi 0, deliver_nmi
    send_ipi 0, deliver_nmi
    send_ipi 0, deliver_nmi
1:  log 2
    iretd
