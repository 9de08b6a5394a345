# INT n and INT3 of CPL 3 need a gate of DPL 3; exceptions and INT1 do not ask (Intel SDM Vol. 3, 6.12.1.1).

.include "x86/long64/event_log.inc"

    log_events debug_exception, breakpoint, invalid_opcode, general_protection, 0x20
    push user_data
    push 0x1e0000
    push 2
    push user_code64
    push offset user
    iretq
user:
    mov byte ptr [interrupt_table + breakpoint * 16 + 5], 0xce       # DPL 2
    raises general_protection, breakpoint*8+2, int3
    raises general_protection, breakpoint*8+2, .byte 0xcd, 3
    raises general_protection, debug_exception*8+2, .byte 0xcd, 1
    raises general_protection, 0x20*8+2, int 0x20
    raises invalid_opcode, 0, ud2
    traps debug_exception, 0, .byte 0xf1
    mov byte ptr [interrupt_table + breakpoint * 16 + 5], 0xee
    traps breakpoint, 0, int3
    mov byte ptr [interrupt_table + 0x20 * 16 + 5], 0xee
    traps 0x20, 0, int 0x20
    mov word ptr [interrupt_table + general_protection * 16], 0x500 + general_protection
    mov byte ptr [interrupt_table + general_protection * 16 + 6], 0  # The runner's again.

expect rsp, 0x1e0000
expect cs, user_code64
expect ss, user_data
expect cpl, 3
expect es, 0
expect ds, 0
expect fs, 0
expect gs, 0
    all_logged
