# The same with an instruction in the middle that looks for its operand by one of these registers and a bit of another, and
# with a carry that comes from one and goes to the next.

.set data, 0x20fe0
.set rounds, 8
given r10, data
given r15, rounds
given rdi, 0x1111111111111111
given rsi, 0x2222222222222222
given rdx, 0x3333333333333333
given rcx, 0x4444444444444444
expect r10, data+8*rounds
expect r11, 0xcd0
expect r14, 0x151a
expect r15, 0
undefined CF|PF|AF|ZF|SF|OF

round:
    lea r11, [r11 + 2 * r11 + 1]
    mov [r10], r11
.rept 3
    xor r11, r15
    xor r11, r15
.endr
    bts [r10], r15
    add r14, [r10]
    adc r14, r15
    add r10, 8
    sub r15, 1
    jnz round
    hlt
