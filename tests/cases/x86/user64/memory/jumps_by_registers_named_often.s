# Instructions that name R11 and R14 all the time, and then leave by them or a conditional jump: an engine may have them in the
# places of others, which nobody is to see.

given rdi, 0x1111111111111111
given rsi, 0x2222222222222222
given rdx, 0x3333333333333333
given rcx, 0x4444444444444444
given rsp, 0x200000
expect rsp, 0x1ffff8
expect r10, 0x2ff
expect r11, returned
expect r14, 0x1111111111111111 + 0x3333333333333333
expect rax, 0x2222222222222222
undefined CF|PF|AF|ZF|SF|OF

    mov r11d, 1
    add r11, r11
    add r11, r11
    add r11, r11
    sub r11, 8
    lea r11, [r11 + called]
    mov r14, r11
    call r11
returned:
    hlt

called:
    mov r10, [rsp]
    mov r11, r10
    sub r10, r11
    add r10, 0xff
    add r10, r10
    sub r10, 0xff
    cmp r10, 0xff
    lea r10, [r10 + 0x100]
    lea r10, [r10 + 0x80]
    lea r10, [r10 + 0x80]
    jne elsewhere
    lea r10, [r10 + r11]
    sub r10, r11
    cmp r10, 0x2ff
    jne elsewhere
    mov r14, rdi
    add r14, rdx
    mov rax, rsi
    jmp r11
elsewhere:
    ud2
