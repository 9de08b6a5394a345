# After many rounds, a SYSRET that brings TF traps at once.

.include "x86/long64/system_calls/repeated.inc"

    in_last_round or r11d, TF
faults debug_exception, back
expect rbp, 1
expect r11, TF|2
expect rflags, TF
expect dr6, 0xffff4ff0
expect cpl, 3
expect cs, user_code64
expect ss, user_data
