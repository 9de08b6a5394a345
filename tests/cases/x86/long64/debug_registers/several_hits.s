# One trap for all breakpoints that an instruction hits, by one access or by several; DR6 names each (Intel SDM Vol. 3,
# 17.3.1.2). One that DR7 does not enable never traps.

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov esi, 0x20000
    mov edi, 0x21000
    mov dr0, rsi
    mov dr1, rsi
    mov dr2, rdi
    mov dr3, rdi
    mov eax, 0x11f10015                 # DR0 on writes; DR1 on reads; DR2, DR3 on writes, DR3 off.
    mov dr7, rax
    traps debug_exception, 6, movsb
    dec rdi
    traps debug_exception, 4, stosb
    dec rsi
    traps debug_exception, 3, inc byte ptr [rsi]

expect rax, 0x11f10015
expect rsi, 0x20000
expect rdi, 0x21001
expect_memory 0x21000, 1, 0x15
undefined CF|PF|AF|ZF|SF|OF
    all_logged
