# IRETQ that sets TF does not trap, but the instruction behind it does. IRETQ that clears TF began with it set, and traps at
# its target (Intel SDM Vol. 3, 17.3.1.4).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    .macro push_frame target, flags, stack
    mov rcx, rsp
    push kernel_data
    push \stack
    push \flags | 2
    push kernel_code64
    push offset \target
    .endm
    push_frame behind, PF, rcx
    push_frame stepping, TF|CF, rcx
    iretq
stepping:
    traps debug_exception, BS, nop
    expect_memory event_log+24, 8, TF|CF|2
    iretq
behind:
    logged debug_exception, BS, behind, PF|2

expect rcx, 0x1effd8
expect rflags, PF
    all_logged
