# In 64-bit mode a one among the upper 32 bits written to DR6 or DR7 raises #GP(0); DR0 to DR3 take all 64 bits, even an address
# that is not canonical (Intel SDM Vol. 3, 17.2.6; AMD APM Vol. 2, 13.1.1).

.include "x86/long64/event_log.inc"

    log_events general_protection
    mov rax, 1 << 32
    raises general_protection, 0, mov dr6, rax
    raises general_protection, 0, mov dr7, rax
    mov rax, 1 << 63
    raises general_protection, 0, mov dr7, rax
    mov dr0, rax
    mov rbx, dr0
    mov rcx, dr7

expect rax, 0x8000000000000000
expect rbx, 0x8000000000000000
expect rcx, 0x400
expect dr6, 0xffff0ff0
    all_logged
