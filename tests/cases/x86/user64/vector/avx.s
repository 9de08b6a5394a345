# A VEX-coded 128-bit instruction clears the upper half, its legacy form keeps it; VPERMQ and VPBROADCASTB cross the halves
# (Intel SDM Vol. 1, 14.1.3; Vol. 2).

given ymm0, 1, 2, 3, 4
given ymm1, 10, 20, 30, 40
given ymm2, 1, 2, 3, 4
given ymm3, 1, 2, 3, 4
expect ymm2, 11, 22, 0, 0
expect ymm3, 11, 22, 3, 4
expect ymm4, 11, 22, 33, 44
expect ymm5, 4, 3, 2, 1
expect ymm6, 0x0101010101010101, 0x0101010101010101, 0x0101010101010101, 0x0101010101010101
expect ymm7, 10, 20, 3, 4

    vpaddq xmm2, xmm0, xmm1
    paddq xmm3, xmm1
    vpaddq ymm4, ymm0, ymm1
    vpermq ymm5, ymm0, 0b00011011
    vpbroadcastb ymm6, xmm0
    vinserti128 ymm7, ymm0, xmm1, 0
    hlt
