# Which bits of the local APIC's registers can be written; the others read as 0, in the destination format as 1 (Intel
# SDM Vol. 3, figures 11-7 to 11-24).

expect_memory results, 16, 0xff000000000000ff, 0x000013ff0fffffff
expect_memory results + 16, 16, 0x0000000bff000000, 0x000107ff000700ff
expect_memory results + 32, 16, 0x0001a7ff000107ff, 0x000100ff0001a7ff

    mov esi, offset registers
    mov edx, offset results
1:  mov ebx, [esi]
    mov dword ptr [ebx], 0xffffffff
    cmp ebx, apic_destination_format
    jne 2f
    mov dword ptr [ebx], 0
2:  mov eax, [ebx]
    mov [edx], eax
    add esi, 4
    add edx, 4
    cmp esi, offset registers_end
    jb 1b
    xor ebx, ebx
    xor esi, esi
    xor edx, edx
    finish
registers:
    .long apic_task_priority, apic_logical_destination, apic_destination_format, apic_spurious
    .long apic_command_high, apic_divide, apic_lvt_timer, apic_lvt_thermal
    .long apic_lvt_performance, apic_lvt_lint0, apic_lvt_lint1, apic_lvt_error
registers_end:
