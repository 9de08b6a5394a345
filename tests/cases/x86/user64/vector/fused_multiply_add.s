# VFMADD213SD rounds once: x * x - x2, where x2 is the rounded square, is the rounding error itself.

given ymm0, 0x3ff0000000000001          # 1+2^-52
given ymm1, 0x3ff0000000000002          # its rounded square
expect ymm0, 0x3970000000000000         # 2^-104
expect mxcsr, 0x1f80

    vfmsub213sd xmm0, xmm0, xmm1
    hlt
