# An NMI wakes a processor from HLT, and returns to the instruction behind it (Intel SDM Vol. 2, HLT). Here the timer
# of the PC is made one.

expect rbx, behind
expect_log 2, 1

    gate 2, handler
    io_apic_entry 2, deliver_nmi
    mov dword ptr [apic_task_priority], 0xff
    lower_irq0
    output 0x40, 100
    output 0x40, 0
    sti
    hlt
behind:
    log 1
    finish
handler:
    log 2
    mov ebx, [esp]
    iretd
