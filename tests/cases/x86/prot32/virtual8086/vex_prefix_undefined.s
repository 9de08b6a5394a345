# Virtual-8086 mode has no VEX prefix, like real mode: #UD (Intel SDM Vol. 2A, 2.3.2).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM
expect_log 6, 6

    log_faults 6, 13
    enter_program VM
    try .byte 0xc5, 0xfc, 0x57, 0xc0            # vxorps ymm0, ymm0, ymm0
    try .byte 0xc4, 0xe2, 0x70, 0xf2, 0xc2      # andn eax, ecx, edx
    hlt
