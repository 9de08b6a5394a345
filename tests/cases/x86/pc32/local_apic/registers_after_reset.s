# After INIT the destination format is all ones, the APIC is disabled with spurious vector FFH, LVT entries are masked,
# and everything else is 0 (Intel SDM Vol. 3, 11.4.7.1). To disable and enable it by IA32_APIC_BASE does the same
# (11.4.3), and this case sees it so.

expect rbx, 0xff
expect rdx, 0xffffffff
expect rbp, 0
expect_memory results, 16, 0x0001000000010000, 0x0001000000010000
expect_memory results + 16, 8, 0x0001000000010000

    mov dword ptr [apic_spurious], 0x1ff
    mov dword ptr [apic_task_priority], 0x35
    mov dword ptr [apic_logical_destination], 0x55000000
    mov dword ptr [apic_destination_format], 0
    mov dword ptr [apic_divide], 0xb
    mov dword ptr [apic_lvt_timer], 0x41
    mov dword ptr [apic_initial_count], 0xffffffff
    self_ipi 0x42
    mov ecx, msr_apic_base
    rdmsr
    and eax, ~0x800
    wrmsr
    or eax, 0x800
    wrmsr
    mov ebx, [apic_spurious]
    mov edx, [apic_destination_format]
    xor ebp, ebp
    .irp register, task_priority, logical_destination, divide, initial_count, current_count, command, command_high
    or ebp, [apic_\register]
    .endr
    .set i, 0
    .rept 8
    or ebp, [apic_request + i]
    .set i, i + 16
    .endr
    .set i, 0
    .irp entry, timer, thermal, performance, lint0, lint1, error
    mov eax, [apic_lvt_\entry]
    mov [results + i], eax
    .set i, i + 4
    .endr
    xor ecx, ecx
    finish
