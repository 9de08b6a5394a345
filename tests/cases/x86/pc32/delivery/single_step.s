# When an instruction ends with a single-step trap and an interrupt pending, the trap is delivered first, and the
# interrupt then before the first instruction of the trap's handler, if its gate leaves IF set (Intel SDM Vol. 3, table
# 6-2).

expect rbx, stepped
expect rcx, trap
expect_log 0x41, 1, 2

    gate debug_exception, trap
    mov byte ptr [interrupt_table + debug_exception * 8 + 5], 0x8f  # A trap gate.
    gate 0x41, interrupt
    pushfd
    or dword ptr [esp], IF | TF
    popfd
    self_ipi 0x41
stepped:
    log 2
    finish
trap:
    log 1
    mov ebx, [esp]
    and dword ptr [esp + 8], ~TF
    iretd
interrupt:
    log 0x41
    mov ecx, [esp]
    end_apic
    iretd
