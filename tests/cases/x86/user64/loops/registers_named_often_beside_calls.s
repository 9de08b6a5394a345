# Rounds of a loop that calls a function and names some registers often carry on where the last one has ended, wherever an
# engine keeps them meanwhile.

expect rax, 3000
expect rcx, 0
expect rdx, 3
expect r10, 0x39988
expect r11, 6000
expect r14, 3000
expect r15, 10000
undefined CF|PF|AF|ZF|SF|OF

    xor eax, eax
    mov ecx, 1000
    mov r15d, 1000
    pxor xmm1, xmm1
next:
    lea r10, [r10 + r10 * 2]
    and r10d, 0x3ffff
    add r10, 1
    add r11, 1
    xor r10, r11
    add r14, 1
    xor r10, r14
    call more
    lea r11, [r11 + 1]
    pxor xmm1, xmm1
    add r10, 3
    xor r10, 1
    dec ecx
    jnz next
    inc edx
    mov ecx, 1000
    cmp edx, 1
    je again
    cmp edx, 2
    je once_more
    xor ecx, ecx
    hlt
    .balign 64
again:                                          # By several ways, for who comes back often.
    jmp next
    .balign 64
once_more:
    jmp next
    .balign 64
more:
    add r15, 3
    inc eax
    xor r10, r15
    and r10, r10
    add r10, r11
    ret
