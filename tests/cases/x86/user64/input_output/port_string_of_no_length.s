# REP INS and REP OUTS with a count of zero move nothing, but need the right to the port (not in the manuals; so does silicon).

faults general_protection, fault
given rdx, 0x80
given rdi, 0x20000
given rsi, 0x20000

fault:
    rep insb
    hlt
