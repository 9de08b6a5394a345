# AESENC with a zero key on a zero block gives the S-box of 0 everywhere (FIPS 197); PCLMULQDQ multiplies without carries.

given ymm2, 0b1011
given ymm3, 0b110
expect ymm0, 0x6363636363636363, 0x6363636363636363
expect ymm2, 0b111010, 0

    aesenc xmm0, xmm1
    pclmulqdq xmm2, xmm3, 0
    hlt
