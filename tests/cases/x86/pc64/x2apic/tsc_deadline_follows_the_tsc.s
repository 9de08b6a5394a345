# An armed deadline is a value of the TSC, not a moment: when the TSC is set beyond it, its time has come (Intel SDM
# Vol. 3, 11.5.4.1). The MSR still holds it before.

expect rbx, 0x7fffffff
expect rsi, 0x100
expect_log 1, 0x41

    log_interrupts 0x41
    enter_x2apic
    write_apic apic_lvt_timer, timer_tsc_deadline|0x41
    write_msr msr_tsc_deadline, 0x1007fffffff
    read_msr msr_tsc_deadline
    mov ebx, eax
    mov esi, edx
    interrupt_window
    log 1
    write_msr 0x10, 0x20000000000
    clear_scratch
    interrupt_window
    finish
