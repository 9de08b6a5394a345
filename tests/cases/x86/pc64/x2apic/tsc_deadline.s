# In TSC-deadline mode a write of the MSR arms the timer for that value of the TSC; it interrupts once, and the MSR
# then reads as 0. A deadline that has passed interrupts at once, and 0 disarms. The counts are out of use: the current
# count reads as 0, the initial count ignores writes (Intel SDM Vol. 3, 11.5.4.1).

expect rbx, 1                   # The time had come,
expect rsi, 0                   # the MSR was cleared,
expect rbp, 0                   # and there is no count.
expect_log 0x41, 1, 0x41, 2, 3

    log_interrupts 0x41
    enter_x2apic
    write_apic apic_lvt_timer, timer_tsc_deadline|0x41
    call arm
    mov r8, rax
    sti
    hlt
    cli
    rdtsc
    shl rdx, 32
    or rax, rdx
    cmp rax, r8
    setae bl
    movzx ebx, bl
    read_msr msr_tsc_deadline
    mov esi, eax
    or esi, edx
    log 1
    write_msr msr_tsc_deadline, 1
    interrupt_window
    interrupt_window
    log 2
    call arm
    write_msr msr_tsc_deadline, 0
    write_apic apic_initial_count, 100
    read_apic apic_initial_count
    mov ebp, eax
    read_apic apic_current_count
    or ebp, eax
    sti
    .rept 1500
    nop
    .endr
    cli
    log 3
    xor r8d, r8d
    clear_scratch
    finish
arm:                            # In a thousand of the TSC's clocks; RAX: then.
    rdtsc
    add eax, 1000
    adc edx, 0
    mov ecx, msr_tsc_deadline
    wrmsr
    shl rdx, 32
    or rax, rdx
    ret
