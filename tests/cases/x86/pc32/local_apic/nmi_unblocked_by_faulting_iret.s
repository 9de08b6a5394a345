# IRET ends the blocking of NMIs even when it faults, and the NMI that waits then comes before the first instruction of
# the fault's handler (Intel SDM Vol. 3, 6.7.1).

faults general_protection, the_iret, 0x100
expect rsp, 0x1f0000-12
expect_log 1, 2

    gate 2, handler
    send_ipi 0, deliver_nmi
    hlt
handler:
    log 1
    gate 2, second
    send_ipi 0, deliver_nmi
    mov dword ptr [esp + 4], 0x100          # Beyond the descriptor table.
the_iret:
    iretd
second:
    log 2
    iretd
