# IRET with 16-bit operands pops words: the offset is zero-extended, and only the lower half of EFLAGS changes
# (Intel SDM Vol. 2A, IRET).

.include "x86/prot32/faults.inc"

descriptor low_code, 0x9b, 0xfffff, image
given rflags, AC|2
expect rflags, AC|CF|ZF
expect cs, low_code
expect rip, there-image_start

    .byte 0x66, 0x68
    .word CF | ZF | 2
    .byte 0x66, 0x68
    .word low_code
    .byte 0x66, 0x68
    .word there - image_start
    data16 iret
    ud2
there:
    hlt
