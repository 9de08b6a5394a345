# BMI1, BMI2: ANDN, BEXTR, BLSI, BLSMSK, BLSR, PDEP, PEXT, RORX, SARX, SHLX, SHRX, BZHI and MULX.

given rax, 0xff00ff00ff00ff00
given rbx, 0x123456789abcdef0
given rcx, 0x0804
given rdx, 0x10
expect rdi, 0x0034007800bc00f0
expect rsi, 0xef
expect rbp, 0x10
expect r8, 0x1f
expect r9, 0x123456789abcdee0
expect r10, 0x9a00bc00de00f000
expect r11, 0x12569ade
expect r12, 0x0123456789abcdef
expect r13, 0x56789abcdef00000
expect r14, 0xdef0
expect r15, 1
expect rdx, 0x10
expect rflags, 0
undefined AF|PF|SF

    andn rdi, rax, rbx
    bextr rsi, rbx, rcx         # 8 bits from 4
    blsi rbp, rbx
    blsmsk r8, rbx
    blsr r9, rbx
    pdep r10, rbx, rax
    pext r11, rbx, rax
    rorx r12, rbx, 4
    shlx r13, rbx, rdx
    bzhi r14, rbx, rdx
    mulx r15, r8, rbx           # 0x10 * rbx
    blsmsk r8, rbx
    hlt
