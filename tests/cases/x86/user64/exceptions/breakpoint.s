# INT3 is a trap: RIP points behind it.

faults breakpoint, after

    int3
after:
    hlt
