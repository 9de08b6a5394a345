# An STI while IF is set holds nothing back (Intel SDM Vol. 2, STI): an interrupt that comes after it, or even by the
# instruction behind it, is taken at once. IF is set by POPF here, which has no shadow.

expect rbx, behind
expect rcx, between
expect_log 0x41, 0x42, 1

    gate 0x41, first
    gate 0x42, second
    pushfd
    or dword ptr [esp], IF
    popfd
    sti
    self_ipi 0x41
behind:
    cli
    pushfd
    or dword ptr [esp], IF
    mov dword ptr [apic_task_priority], 0x40
    self_ipi 0x42
    popfd
    mov dword ptr [apic_task_priority], 0
between:
    sti
    log 1
    finish
first:
    log 0x41
    mov ebx, [esp]
    end_apic
    iretd
second:
    log 0x42
    mov ecx, [esp]
    end_apic
    iretd
