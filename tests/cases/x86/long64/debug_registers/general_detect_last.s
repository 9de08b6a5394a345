# General detect comes after what keeps the instruction from reaching a debug register: #UD for DR4 with CR4.DE set, #GP at CPL 3
# (Intel SDM Vol. 2B, MOV; Vol. 3, table 6-2). It precedes #GP of the value.

.include "x86/long64/event_log.inc"

    log_events debug_exception, invalid_opcode, general_protection
    mov eax, 0x40628                        # DE
    mov cr4, rax
    mov eax, 1 << 13                        # GD
    mov dr7, rax
    raises invalid_opcode, 0, .byte 0x0f, 0x23, 0xe0
    mov rcx, -1
    raises debug_exception, BD, mov dr7, rcx
    mov dr7, rax
    push user_data
    push 0x1e0000
    push 2
    push user_code64
    push offset user
    iretq
user:
    raises general_protection, 0, mov dr0, rax
    raises general_protection, 0, mov rax, dr7

expect rax, 0x2000
expect rcx, -1
expect cr4, 0x40628
expect rsp, 0x1e0000
expect cpl, 3
expect cs, user_code64
expect ss, user_data
expect ds, 0
expect es, 0
expect fs, 0
expect gs, 0
faults breakpoint, end
expect_memory event_log_end, 8, event_log+32*events_logged
    int3
end:
