# LIDT and LGDT with a 16-bit operand load 24 bits of the base and clear the upper 8; with a 32-bit operand all of it
# (Intel SDM Vol. 2A, LGDT/LIDT).

expect gdtr_base, 0xa5123456
expect gdtr_limit, 0x1111
expect idtr_base, 0x00123456
expect idtr_limit, 0x2222

    .byte 0x66
    lgdt [first]
    lidt [second]
    hlt
first:
    .word 0x1111
    .long 0xa5123456
second:
    .word 0x2222
    .long 0xa5123456
