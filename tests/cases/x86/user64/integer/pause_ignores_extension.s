# F3 90 is PAUSE on Intel's CPUs, with REX.B as well (Intel SDM Vol. 2B, PAUSE).

maker intel
given rax, 1
given r8, 2
expect rax, 1
expect r8, 2

    pause
    .byte 0xf3, 0x49, 0x90
    hlt
