# Real mode has no VEX prefix: C4 and C5 with a register as operand are LES and LDS, hence #UD, even where XCR0
# permits AVX (Intel SDM Vol. 2A, 2.3.1 and 2.4, VEX-encoded instructions in real and virtual-8086 mode).

.include "x86/real16/fault_log.inc"

expect_log 6, 6

    log_faults 6, 13
    try .byte 0xc5, 0xfc, 0x57, 0xc0            # vxorps ymm0, ymm0, ymm0
    try .byte 0xc4, 0xe2, 0x70, 0xf2, 0xc2      # andn eax, ecx, edx
    hlt
