# Disabled by IA32_APIC_BASE the local APIC is gone: CPUID does not tell of it, its page is empty, and the 8259's
# request goes straight to the CPU (Intel SDM Vol. 3, 11.4.3).

expect rdx, 0
expect rsi, 0xffffffff
expect rbp, 1
expect_log 0x24

    initialize_pics 1 << 4, 0
    connect_serial
    log_interrupts end_pic, 0x24
    call show
    mov esi, edx
    mov dword ptr [apic_lvt_lint0], masked
    mov ecx, msr_apic_base
    rdmsr
    and eax, ~0x800
    wrmsr
    push esi
    mov esi, [apic_version]
    mov dword ptr [apic_task_priority], 0xff
    raise_irq4
    interrupt_window
    call show
    pop ebp
    xor ebx, ebx
    xor ecx, ecx
    finish
show:                           # EDX: what CPUID tells of an APIC.
    mov eax, 1
    cpuid
    shr edx, 9
    and edx, 1
    ret
