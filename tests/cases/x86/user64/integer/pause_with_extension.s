# F3 90 is PAUSE, but with REX.B it exchanges the accumulator with R8 on AMD's CPUs (AMD APM Vol. 3, PAUSE and XCHG).

maker amd
given rax, 1
given r8, 2
expect rax, 2
expect r8, 1

    pause
    .byte 0xf3, 0x49, 0x90
    hlt
