# The command register is one MSR with a 32-bit destination: the ID, FFFFFFFFH for all, or a cluster with a set of its
# members. A write of it sends at once (Intel SDM Vol. 3, 11.12.9 and 11.12.10). FFH is no broadcast here.

expect_log 0x47, 0x45, 0x42, 0x41

    log_interrupts 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47
    enter_x2apic
    write_apic apic_command, 0x0000000000004041
    write_apic apic_command, 0xffffffff00004042
    write_apic apic_command, 0x000000ff00004043
    write_apic apic_command, 0x0000000100004044
    write_apic apic_command, 0x0000000300004845
    write_apic apic_command, 0x0001000100004846
    write_apic apic_command, 0xffffffff00004847
    clear_scratch
    interrupt_window
    finish
