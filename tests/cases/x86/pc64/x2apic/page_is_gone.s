# In x2APIC mode there is no register page: writes there change nothing, and reads find no APIC (Intel SDM Vol. 3,
# 11.12.2). To go through disabled back to xAPIC mode brings it again, reset.

expect rsi, 0x30
expect rbp, 0xffffffff
expect r8, 0xff
expect r9, 0

    mov ebx, local_apic
    enter_x2apic
    write_apic apic_task_priority, 0x30
    mov dword ptr [rbx + 0x80], 0x70
    mov ebp, [rbx + 0x80]
    read_apic apic_task_priority
    mov esi, eax
    write_msr msr_apic_base, 0xfee00100
    write_msr msr_apic_base, 0xfee00900
    mov r8d, [rbx + 0xf0]
    mov r9d, [rbx + 0x80]
    xor ebx, ebx
    clear_scratch
    finish
