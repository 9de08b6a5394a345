# A loop of 32-bit code that lies in two pages, with an instruction in both that it changes by one store (Intel SDM Vol. 3,
# 11.6).

given rcx, 12
given rdi, in_both
expect rcx, 0
expect rdx, 78*0x01010101
expect rsi, 12
undefined CF|PF|AF|ZF|SF|OF

    jmp round
    .org 0xff0, 0x90
round:
    inc esi
    imul ebp, ecx, 0x01010101
    mov [edi], ebp
    .org 0xffc, 0x90
.set in_both, . + 2
    add edx, 0x55555555
    dec ecx
    jnz round
    mov ebp, 0
    hlt
