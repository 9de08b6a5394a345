# A loop that lies in two pages changes its own instructions: in the second page, in the first, and in both by one store
# (Intel SDM Vol. 3, 11.6).

given rcx, 9
given rdi, in_both
expect rax, (1+2+3+4+5+6+7+8+9)
expect rbx, (1+2+3+4+5+6+7+8+9)
expect rcx, 0
expect rdx, (1+2+3+4+5+6+7+8+9)*0x01010101
expect rsi, 9*0x01010101
undefined CF|PF|AF|ZF|SF|OF

    xor esi, esi
    jmp round
    .org 0xfd8, 0x90
round:
    add esi, 0x01010101
    imul ebp, ecx, 0x01010101
    mov [rip + in_first + 2], cl
    mov [rdi], ebp
    mov [rip + in_second + 2], cl
in_first:
    add eax, 0x55
    .org 0xffc, 0x90
.set in_both, . + 2
    add edx, 0x55555555
in_second:
    add ebx, 0x55
    dec ecx
    jnz round
    mov ebp, 0
    hlt
