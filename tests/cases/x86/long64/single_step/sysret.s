# SYSRET that brings TF traps at once, before the first instruction at CPL 3. The manuals do not say so; Linux notes it where it
# therefore returns by IRET.

.include "x86/long64/event_log.inc"

    log_events debug_exception
    sysretq
user:
    logged debug_exception, BS, user, TF|2
    traps debug_exception, BS, mov eax, 1
    ud2

given rcx, user
given r11, TF|2
given star, (user_data-8)<<48
faults invalid_opcode, user+5
expect rax, 1
expect rflags, TF
expect es, 0                    # The handler's IRETQ takes away what CPL 3 may not use.
expect ds, 0
expect fs, 0
expect gs, 0
expect cpl, 3
expect cs, user_code64
expect ss, user_data
expect_memory event_log_end, 8, event_log+64
