# REP OUTS asks for the right to its port before it looks at the count. The manuals leave the order open; silicon decides.

given rsi, unmapped
given rdx, 0x3f8
faults general_protection, fault

fault:
    rep outsb
    hlt
