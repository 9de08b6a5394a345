# REP STOS that overwrites itself runs to its end: code that was written is fetched anew at the next instruction (Intel
# SDM Vol. 3, 8.1.3; that the instruction under way goes on is what silicon does).

given rcx, 16
given rax, 0xf4                 # HLT
given rdi, start
expect rcx, 0
expect rdi, start + 16
expect rip, start + 2
expect_memory start, 8, 0xf4f4f4f4f4f4f4f4

start:
    rep stosb
    hlt
    .balign 16, 0x90
