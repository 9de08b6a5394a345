# HLT with TF set completes and traps behind it: a debug exception ends the wait, with interrupts off as well (Intel SDM Vol.
# 2A, HLT).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    step
    traps debug_exception, BS, hlt
    stop

    all_logged
