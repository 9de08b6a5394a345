# IRETQ and far RET to an address that is not canonical raise #GP(0) at themselves, a gate with such a handler #GP with EXT alone
# (Intel SDM Vol. 2A, IRET and INT n; Vol. 2B, RET).

.include "x86/long64/event_log.inc"

    log_events general_protection
    push kernel_data
    push rsp
    push 2
    push kernel_code64
    push rax
    raises general_protection, 0, iretq
    raises general_protection, 0, retfq
    lea rsp, [rsp + 40]
    mov byte ptr [interrupt_table + 0x20 * 16 + 11], 0x80
    raises general_protection, 0, int 0x20
    mov byte ptr [interrupt_table + invalid_opcode * 16 + 11], 0x80
    raises general_protection, 1, ud2

given rax, 0x800000000000
expect rflags, 0
    all_logged
