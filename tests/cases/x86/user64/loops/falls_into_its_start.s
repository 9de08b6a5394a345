# A loop that is entered in its middle, and comes there again by way of a conditional jump that is rarely taken, does the same in
# each round: also where several rounds are run as one.

expect rax, 2960
expect rbx, 3000
expect rcx, 0
expect rdx, 4000
expect r8, 0
expect rflags, ZF|PF
undefined AF

    xor eax, eax
    xor ebx, ebx
    xor edx, edx
    mov r8d, 40
outer:
    mov ecx, 75
    jmp middle
above:
    inc rax
    cmp ecx, 30
    je elsewhere
middle:
    inc rbx
    sub rcx, 1
    jnz above
    sub r8, 1
    jnz outer
    hlt
elsewhere:
    add rdx, 100
    jmp middle
