# A short loop with two ways out is left by either after any number of rounds, with the registers and flags of that round.

expect rax, 0x0123456789abcdf0
expect rbx, 0
expect rcx, 16
expect rdx, 0
expect rsi, 16
expect rdi, 0
undefined CF|PF|AF|ZF|SF|OF

    mov esi, 1
next:
    mov edx, esi                                # Rounds until the way out in the middle.
    xor ecx, ecx
by_the_middle:
    inc ecx
    dec edx
    jz out
    cmp ecx, 100
    jne by_the_middle
out:
    cmp ecx, esi
    jne wrong
    mov edx, esi
    xor ecx, ecx
by_the_end:
    inc ecx
    cmp ecx, 100
    je wrong
    dec edx
    jnz by_the_end
    cmp ecx, esi
    jne wrong
    inc esi
    cmp esi, 16
    jne next
    mov ecx, esi
    mov rax, 0x0123456789abcdf0
    hlt
wrong:
    hlt
