# The error interrupt comes with the first error after a write of the error status, which rearms it (Intel SDM Vol. 3,
# 11.5.3); not again with each further error.

expect_log 0xe5, 1, 2, 0xe5, 3

    log_interrupts end_apic, 0xe5
    mov dword ptr [apic_lvt_error], 0xe5
    mov eax, [local_apic + 0x40]
    interrupt_window
    log 1
    mov eax, [local_apic + 0x40]
    mov dword ptr [local_apic + 0x3f0], 0
    interrupt_window
    log 2
    mov dword ptr [apic_error_status], 0
    mov eax, [local_apic + 0x40]
    interrupt_window
    log 3
    finish
