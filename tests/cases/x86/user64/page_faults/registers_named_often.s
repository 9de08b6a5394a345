# A page fault in the middle of instructions that name R10 and R11 all the time shows both, and every other register, as they
# are there: an engine may have had them in the places of others.

given rdi, 0x1111111111111111
given rsi, 0x2222222222222222
given rdx, 0x3333333333333333
given rcx, 0x4444444444444444
given r10, 3
given r11, 5
faults page_fault, fault, 4
expect cr2, unmapped
expect r10, 0x18
expect r11, unmapped
expect rax, 0x18
expect rflags, 2|ZF|PF

    add r10, r11
    add r10, r11
    sub r10, 1
    add r10, r10
    lea r11, [r10 + unmapped - 24]
    mov rax, r10
    test r10, r11
fault:
    add r10, [r11]
    add r11, r10
    add r10, r11
    hlt
