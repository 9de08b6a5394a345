# A path of more and larger instructions than an engine may care to translate together.

given rsi, 0x20000
given rdi, 0x21000
expect rax, 0x5a5a5a5a
expect rcx, 0
expect rdx, 0
expect rbx, 0x5a5a5a
expect rsi, 0x2012c
expect rdi, 0x2112c

    mov eax, 0x5a5a5a5a
    mov [rsi], eax
    mov [rsi + 0x128], eax
    mov edx, 100
next:
    mov ecx, 3
    .rept 38
    rep movsb
    .endr
    jmp 1f
    .balign 64
1:
    .rept 38
    rep movsw                                   # Nothing.
    .endr
    jmp 1f
    .balign 64
1:
    .rept 38
    rep movsq
    .endr
    dec edx
    jnz next
    mov ebx, [rdi - 4]
    shr ebx, 8
    hlt
undefined CF|PF|AF|ZF|SF|OF
