# With its exception unmasked a division by zero raises #XM, the destination unchanged and the flag set.

given mxcsr, 0x1d80
given ymm0, 0x3f800000
faults simd_error, fault
expect mxcsr, 0x1d84

fault:
    divss xmm0, xmm1
    hlt
