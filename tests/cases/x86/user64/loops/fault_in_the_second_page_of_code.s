# A loop whose code lies in two pages faults in the second, behind a fault that it gets over in none: what comes before the
# access in that round is done, and no more.

.set rounds, 7
given rsi, unmapped-8*rounds
faults page_fault, fault, 4
expect cr2, unmapped
expect rsi, unmapped
expect rcx, rounds+1
expect rdx, (rounds+1)*0x01010101
expect rax, 0
expect rflags, 2|CF|PF|AF|SF
expect retired, 1+6*rounds+3

    jmp round
    .org 0xff9, 0x90
round:
    inc ecx
    add edx, 0x01010101
    cmp eax, 1
fault:
    mov rax, [rsi]
    lea rsi, [rsi + 8]
    jb round
    hlt
