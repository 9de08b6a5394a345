# MOVAPS in a loop whose stride is no multiple of 16: #GP(0) in the second round, after a store of that round.

given rsi, 0x20ff0
given rdi, 0x21ffc
faults general_protection, fault
expect rsi, 0x20ff8
expect rdi, 0x22000
expect rcx, 2
expect_memory 0x21ffc, 8, 0x200000001
expect retired, 8

round:
    inc ecx
    mov [rdi], ecx
fault:
    movaps xmm0, [rsi]
    lea rdi, [rdi + 4]
    lea rsi, [rsi + 8]
    jnz round
    hlt
