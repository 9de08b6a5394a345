# INT with the immediate 3 is a trap like INT3: RIP points behind its two bytes (Intel SDM Vol. 2A, INT n).

faults breakpoint, after

    .byte 0xcd, 3
after:
    hlt
