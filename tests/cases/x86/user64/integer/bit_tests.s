# BT, BTS, BTR and BTC: an offset in a register reaches beyond the memory operand, both ways (Intel SDM Vol. 2A, BT).

given rax, -1
given rbx, 100
given rcx, 67
expect rdx, 0b1011
expect rsi, 0xc
expect_memory bits, 8, 0x8000000000000000
expect_memory bits+16, 8, 0x1000000000
expect rflags, CF
undefined OF|SF|AF|PF

    lea rdi, [rip + bits + 8]
    bts [rdi], rax              # the top bit of the quadword before
    bts [rdi], rbx              # bit 36 of the one after
    bt [rdi], rbx
    adc edx, edx                # 1
    mov esi, 8
    btc esi, ecx                # bit 3 of a register: modulo 32
    setc dl
    shl edx, 1
    bts esi, 2
    bts esi, 3
    mov edx, 0b1011
    lea rdi, [0]
    stc
    hlt
    .balign 8
bits:
    .quad 0, 0, 0
