# Scalar and packed arithmetic; MXCSR collects exception flags: the division's and square root's inexact result.

given ymm0, 0x4000000000000000, 0x4008000000000000       # 2.0, 3.0
given ymm1, 0x3ff0000000000000, 0x4010000000000000       # 1.0, 4.0
expect ymm0, 0x3ff6a09e667f3bcd, 0x4008000000000000
expect ymm1, 0x3ff0000000000000, 0x4010000000000000
expect ymm2, 0x4008000000000000, 0x401c000000000000       # 3.0, 7.0
expect rax, 3
expect rcx, 2
expect mxcsr, 0x1fa0
expect rflags, CF

    movapd xmm2, xmm0
    addpd xmm2, xmm1
    cvttsd2si eax, xmm2
    sqrtsd xmm0, xmm0
    mov ecx, 2
    ucomisd xmm1, xmm2          # 1.0 below 3.0
    hlt
