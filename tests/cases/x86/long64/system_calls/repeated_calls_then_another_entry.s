# After many rounds, LSTAR is written: the next SYSCALL goes elsewhere.

.include "x86/long64/system_calls/repeated.inc"

    in_last_round_write_msr 0xc0000082, another
another:
    ud2
expect lstar, another
faults invalid_opcode, another
expect rbp, 0
expect r11, ZF|PF|2
expect rflags, PF
