# In one-shot and periodic mode the deadline MSR reads as 0 and ignores writes; a change between those and TSC-deadline
# mode disarms the timer (Intel SDM Vol. 3, 11.5.4.1).

expect rbx, 0
expect rsi, 0
expect rbp, 0

    enter_x2apic
    write_apic apic_lvt_timer, 0x41
    write_msr msr_tsc_deadline, 1
    read_msr msr_tsc_deadline
    mov ebx, eax
    write_apic apic_initial_count, 1000000
    write_apic apic_lvt_timer, timer_tsc_deadline|0x41
    read_apic apic_current_count
    mov esi, eax
    write_msr msr_tsc_deadline, 0x7fffffffffffffff
    write_apic apic_lvt_timer, 0x41
    write_apic apic_lvt_timer, timer_tsc_deadline|0x41
    read_msr msr_tsc_deadline
    mov ebp, eax
    clear_scratch
    interrupt_window
    finish
