# MMX instructions report an x87 error that waits, and do nothing (Intel SDM Vol. 2, e.g. EMMS).

given fcw, 0x37b                        # Division by zero is unmasked.
faults x87_error, fault
expect fsw, 0xb084
expect ftw, 0xc0

    fld1
    fldz
    fdiv st(1), st(0)
    movaps xmm1, xmm0                   # Is no concern of SSE.
fault:
    emms
    hlt
