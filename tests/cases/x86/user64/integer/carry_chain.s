# ADC and SBB carry a 128-bit sum and difference through; INC and DEC leave CF alone (Intel SDM Vol. 2A).

given rax, 0xffffffffffffffff
given rdx, 1
given rcx, 0
given rbx, 5
expect rax, 0
expect rdx, 2
expect rcx, 0xffffffffffffffff
expect rbx, 4
expect rsi, 1
expect rflags, PF|ZF
expect retired, 11

    add rax, 1          # CF = 1
    inc rsi             # keeps it
    adc rdx, 0
    sub rcx, 1          # CF = 1
    dec rsi
    sbb rbx, 0
    stc
    inc rsi
    adc rsi, -2
    inc rsi
    cmp rax, 0
    hlt
