# A conversion into an MMX register makes the x87 registers valid and TOP zero also when it ends in a SIMD exception
# (Intel SDM Vol. 2A, CVTPS2PI: a transition from x87 to MMX operation comes before the conversion).

given mxcsr, 0x1f00             # invalid operations unmasked
given ymm0, 0x7fc00000
faults simd_error, fault
expect fsw, 0
expect ftw, 0xff
expect mxcsr, 0x1f01

    fincstp
fault:
    cvtps2pi mm0, xmm0
    hlt
