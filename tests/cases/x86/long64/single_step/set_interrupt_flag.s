# STI holds off external interrupts for an instruction, but not the trap of a single step: that comes right behind it (Intel
# SDM Vol. 2B, STI; Vol. 3, 6.8.3, speaks of SS alone).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    step
    traps debug_exception, BS, sti
    expect_memory event_log+24, 8, TF|IF|PF|2
    traps debug_exception, BS, cli
    stop

given rflags, PF|2
expect rflags, PF
    all_logged
