# After an STI that sets IF one more instruction is executed before a pending interrupt is taken; when that instruction
# is CLI, none is (Intel SDM Vol. 2, STI).

expect rbx, behind_one
expect_log 1, 0x41, 2

    gate 0x41, handler
    self_ipi 0x41
    sti
    cli
    sti
    cli
    log 1
    sti
    nop
behind_one:
    nop
    log 2
    finish
handler:
    log 0x41
    mov ebx, [esp]
    end_apic
    iretd
