# BSF and BSR leave their destination as it is when the source is zero (documented by AMD, and so on every CPU; AMD APM
# Vol. 3, BSF), whatever register it is.

given r10, 0x1010
given r11, 0x1111
given r14, 0x1414
given r15, 0x1515
given rdi, 0x20000
given rax, 0
expect r10, 0x1010
expect r11, 0x1111
expect r14, 0x1414
expect r15, 0x1515
expect rax, 0
expect rdi, 0x20000
undefined CF|PF|AF|ZF|SF|OF

    bsf r11, [rdi]
    bsr r10, [rdi]
    cmp rdi, rax
    bsf r14, rax
    bsr r15, rax
    hlt
