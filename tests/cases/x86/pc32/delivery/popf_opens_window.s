# POPF that sets IF has no shadow: the interrupt is taken before the next instruction (Intel SDM Vol. 3, 6.8.1).

expect rbx, behind
expect_log 0x41, 1

    gate 0x41, handler
    self_ipi 0x41
    pushfd
    or dword ptr [esp], IF
    popfd
behind:
    log 1
    finish
handler:
    log 0x41
    mov ebx, [esp]
    end_apic
    iretd
