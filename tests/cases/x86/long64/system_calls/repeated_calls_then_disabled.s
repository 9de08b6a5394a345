# After many rounds, EFER.SCE is cleared: SYSRET is undefined from then on.

.include "x86/long64/system_calls/repeated.inc"

    in_last_round_write_msr 0xc0000080, 0xd00
given efer, 0xd01
expect efer, 0xd00
faults invalid_opcode, return
expect rbp, 1
expect r11, 2
expect rflags, ZF|PF               # Of CMP.
