# A REP that faults halfway has done the iterations before, and RIP points to it, so that it can go on. It has not retired.

given rcx, 16
given rdi, unmapped-5
given rax, 0x11
faults page_fault, fault, 6
expect cr2, unmapped
expect rcx, 11
expect rdi, unmapped
expect_memory unmapped-8, 8, 0x1111111111000000
expect retired, 0

fault:
    rep stosb
    hlt
