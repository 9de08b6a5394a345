# IRET that sets IF has no shadow: the interrupt is taken before the first instruction at its target (Intel SDM Vol. 3,
# 6.8.1). So are several, one after the other, without progress in between.

expect rbx, target
expect rcx, target
expect_log 0x51, 0x41, 1

    gate 0x41, lower
    gate 0x51, higher
    self_ipi 0x41
    self_ipi 0x51
    pushfd
    or dword ptr [esp], IF
    push kernel_code32
    push offset target
    iretd
target:
    log 1
    finish
lower:
    log 0x41
    mov ecx, [esp]
    end_apic
    iretd
higher:
    log 0x51
    mov ebx, [esp]
    end_apic
    iretd
