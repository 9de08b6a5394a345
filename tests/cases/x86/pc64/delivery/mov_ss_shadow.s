# An interrupt that MOV to SS itself raises waits for one more instruction (Intel SDM Vol. 3, 6.8.3): its operand is a
# reserved register of the local APIC, which reads as 0 and makes an error. At CPL 0 a null selector is fit for SS in
# 64-bit mode.

expect rbx, behind
expect ss, 0
expect_log 0xe5

    gate 0xe5, handler
    mov r8d, local_apic
    mov dword ptr [r8 + 0x370], 0xe5
    push IF|2
    popfq
    mov ss, word ptr [r8 + 0x40]
    nop
behind:
    nop
    cli
    xor r8d, r8d
    finish
handler:
    log 0xe5
    mov rbx, [rsp]
    mov dword ptr [r8 + 0xb0], 0
    iretq
