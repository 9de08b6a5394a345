# A branch traps at its target, whether it is near or far, direct or indirect, conditional or a return (Intel SDM Vol. 3,
# 17.3.1.4: a trap, so RIP is that of the next instruction).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov ecx, 2
    step
    jmp 1f
    ud2
1:  logged debug_exception, BS, 1b
    traps debug_exception, BS, jz 2f
    jnz 2f
    ud2
2:  logged debug_exception, BS, 2b
    loop 3f
    ud2
3:  logged debug_exception, BS, 3b
    call 4f
back:
    jmp [rip + 5f]
4:  ret
    logged debug_exception, BS, 4b
    logged debug_exception, BS, back
5:  .quad 6f
6:  logged debug_exception, BS, 6b
    push kernel_code64
    logged debug_exception, BS, 7f
7:  push offset 9f
    logged debug_exception, BS, 8f
8:  retfq
    ud2
9:  logged debug_exception, BS, 9b
    stop
    all_logged

expect rcx, 1
