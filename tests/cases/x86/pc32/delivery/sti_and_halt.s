# STI and HLT with an interrupt pending: it is taken behind the HLT, which so does not sleep (Intel SDM Vol. 2, STI and
# HLT).

expect rbx, behind
expect_log 0x41, 1

    gate 0x41, handler
    self_ipi 0x41
    sti
    hlt
behind:
    log 1
    finish
handler:
    log 0x41
    mov ebx, [esp]
    end_apic
    iretd
