# A loop that names R10, R11, R14 and R15 all the time, across the end of a page, while others keep what they have: an engine
# may give the four places of registers that the loop does not name.

.set data, 0x20fe0
.set rounds, 8
given r10, data
given r14, 1
given r15, rounds
given rdi, 0x1111111111111111
given rsi, 0x2222222222222222
given rdx, 0x3333333333333333
given rcx, 0x4444444444444444
given rbx, 0x5555555555555555
expect r10, data+8*rounds
expect r11, rounds*(rounds+1)/2
expect r14, 40320
expect r15, 0
expect rflags, 2|ZF|PF
expect retired, 6*rounds
expect_memory data+8*rounds-8, 8, 1
expect_memory data, 8, 8

round:
    mov [r10], r15
    imul r14, r15
    add r11, [r10]
    lea r10, [r10 + 8]
    sub r15, 1
    jnz round
    hlt
