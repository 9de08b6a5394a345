# SETcc and CMOVcc on signed and unsigned comparisons (Intel SDM Vol. 1, appendix B). CMOVcc to a 32-bit register
# clears its upper half even when nothing is moved.

given rax, -1
given rbx, 1
given rcx, 0xffffffff00000002
expect rcx, 2
expect rdx, 1
expect rsi, 0
expect rdi, 1
expect rbp, -1
expect retired, 6

    cmp rax, rbx                # -1 with 1: less, but above
    setl dl
    setb sil
    seta dil
    cmove ecx, eax
    cmovs rbp, rax
    hlt

expect rflags, SF
undefined AF|PF
