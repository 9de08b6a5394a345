# After many rounds, STAR is written: SYSRET and SYSCALL load other selectors, at whose descriptors they do not look (Intel SDM
# Vol. 2B).

.include "x86/long64/system_calls/repeated.inc"

    in_last_round_write_msr 0xc0000081, 0x7770fffb00000000, 0x7770fffb
ends_in_round_0
expect star, 0x7770fffb00000000
expect cs, 0xfff8
expect ss, 0x0000
expect rbp, 0
