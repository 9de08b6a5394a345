# INT 4 reaches the handler of #OF, whatever OF is, and exists in 64-bit mode, where INTO does not.

faults overflow, after

    .byte 0xcd, 4
after:
    hlt
