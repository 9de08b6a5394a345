# A STARTUP message has no effect on a processor that does not wait for one (Intel SDM Vol. 3, 11.4.4 and table 10-1);
# neither has an INIT level de-assert (11.6.1).

expect_log 1

    send_ipi 0, deliver_startup | 0x10
    mov dword ptr [apic_command_high], 0
    mov dword ptr [apic_command], deliver_init | level
    log 1
    finish
