# Logical destinations: in the flat model a bit in common addresses, in the cluster model the same upper four bits and
# a bit in common of the lower; FFH is everybody (Intel SDM Vol. 3, 11.6.2.2).

expect_log 0x4b, 0x49, 0x48, 0x44, 0x43, 0x41

    log_interrupts end_apic, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b
    mov dword ptr [apic_logical_destination], 0x24000000
    mov dword ptr [apic_destination_format], 0xffffffff
    send_ipi 0x04, logical | 0x41
    send_ipi 0x02, logical | 0x42
    send_ipi 0xf0, logical | 0x43
    send_ipi 0xff, logical | 0x44
    send_ipi 0x00, logical | 0x45
    mov dword ptr [apic_destination_format], 0x0fffffff
    send_ipi 0x04, logical | 0x46
    send_ipi 0x14, logical | 0x47
    send_ipi 0x26, logical | 0x48
    send_ipi 0x24, logical | 0x49
    send_ipi 0x2b, logical | 0x4a
    send_ipi 0xff, logical | 0x4b
    interrupt_window
    finish
