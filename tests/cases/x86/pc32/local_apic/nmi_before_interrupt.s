# Of an NMI and an interrupt that wait together the NMI is delivered first (Intel SDM Vol. 3, table 6-2). The first
# NMI's handler makes them wait; its IRET lets both through.

expect_log 1, 2, 0x41

    log_interrupts end_apic, 0x41
    gate 2, first
    pushfd
    or dword ptr [esp], IF
    popfd
    send_ipi 0, deliver_nmi
    finish
first:
    log 1
    gate 2, second
    send_ipi 0, deliver_nmi
    self_ipi 0x41
    iretd
second:
    log 2
    iretd
