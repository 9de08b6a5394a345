# The self-IPI register sends a fixed, edge-triggered interrupt to oneself, and leaves the command register alone
# (Intel SDM Vol. 3, 11.12.11). A vector below 16 is a send error.

expect rbx, 0x0000000100044042
expect rsi, 0
expect rbp, 0x20
expect_log 0x42, 0x41, 0x43

    log_interrupts 0x41, 0x42, 0x43
    enter_x2apic
    write_apic apic_command, 0x0000000100044042
    self_ipi 0x41
    interrupt_window
    self_ipi 0x43
    read_apic apic_trigger_mode+0x20
    mov esi, eax
    self_ipi 0x0f
    write_apic apic_error_status, 0
    read_apic apic_error_status
    mov ebp, eax
    and ebp, 0x20
    read_apic apic_command
    mov ebx, edx
    shl rbx, 32
    or rbx, rax
    clear_scratch
    interrupt_window
    finish
