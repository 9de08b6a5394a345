# A repeated string instruction traps after each iteration: RIP points to it until the last, with RF set (Intel SDM Vol. 3,
# 17.3.1.1 and 17.3.1.4; Vol. 2B, REP). A count of zero traps once, behind it.

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov esi, 0x20000
    mov edi, 0x21000
    mov ecx, 3
    step
move:
    rep movsb
    logged debug_exception, BS, move, RF|TF|PF|2
    logged debug_exception, BS, move, RF|TF|PF|2
    logged debug_exception, BS, none, TF|PF|2
none:
    traps debug_exception, BS, rep movsb
    traps debug_exception, BS, movsb
    traps debug_exception, BS, mov cl, 9
compare:
    repne cmpsb                         # Equal at once.
    logged debug_exception, BS, 1f, TF|ZF|PF|2
1:  stop

given rflags, PF|2
expect rcx, 8
expect rsi, 0x20005
expect rdi, 0x21005
expect rflags, ZF|PF
    all_logged
