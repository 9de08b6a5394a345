# A reserved bit set in what is written to a register of x2APIC mode raises #GP, and so does anything but 0 for EOI and
# error status (Intel SDM Vol. 3, 11.12.1.2 and table 11-6). Nothing of the register changes.

expect rbx, 0x20
expect rsi, 0

    gate general_protection, refused
    enter_x2apic
    write_apic apic_task_priority, 0x20
    mov rsi, offset list
1:  mov ecx, [rsi]
    mov eax, [rsi + 4]
    mov edx, [rsi + 8]
    lea r15, [rip + 2f]
    wrmsr
    hlt                         # This one was accepted.
2:  add rsi, 12
    cmp rsi, offset list_end
    jb 1b
    read_apic apic_task_priority
    mov ebx, eax
    xor esi, esi
    clear_scratch
    finish
refused:
    mov [rsp + 8], r15
    add rsp, 8
    iretq
list:
    .macro bad register, low, high=0
    .long x2apic + ((\register) - local_apic) / 16, \low, \high
    .endm
    bad apic_task_priority, 0x100
    bad apic_task_priority, 0, 1
    bad apic_end, 1
    bad apic_end, 0, 1
    bad apic_spurious, 0x500
    bad apic_spurious, 0x2100
    bad apic_error_status, 1
    .irp bit, 13, 16, 17, 20, 31
    bad apic_command, 0x44041 | 1 << \bit
    .endr
    bad apic_lvt_timer, 1 << 8 | masked
    bad apic_lvt_timer, 1 << 19 | masked
    bad apic_lvt_thermal, 1 << 17 | masked
    bad apic_lvt_performance, 1 << 15 | masked
    bad apic_lvt_lint0, 1 << 17 | masked
    bad apic_lvt_error, 1 << 8 | masked
    bad apic_lvt_error, masked, 1
    bad apic_initial_count, 0, 1
    bad apic_divide, 4
    bad apic_divide, 0x10
    bad local_apic + 0x3f0, 0x100
    bad local_apic + 0x3f0, 0x41, 1
list_end:
