# A loop that names R10, R11, R14 and R15 all the time, in more rounds than an engine may run at once: each stop finds all
# registers, and the count of instructions, as they are between two of them.

.set data, 0x20e00
.set rounds, 250
given r10, data
given r15, rounds
given rdi, 0x1111111111111111
given rsi, 0x2222222222222222
given rdx, 0x3333333333333333
given rcx, 0x4444444444444444
given rbx, 0x5555555555555555
expect r10, data+4*rounds
expect r11, rounds*(rounds+1)/2
expect r14, rounds*(rounds+1)/2
expect r15, 0
expect rflags, 2|ZF|PF
expect retired, 6*rounds
expect_memory data, 4, rounds
expect_memory data+4*rounds-4, 4, 1

round:
    mov [r10], r15d
    add r14d, [r10]
    add r11, r15
    lea r10, [r10 + 4]
    sub r15, 1
    jnz round
    hlt
