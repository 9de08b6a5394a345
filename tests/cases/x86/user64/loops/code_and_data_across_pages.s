# A loop whose code lies in two pages reads, in the second one, quadwords two by two, which come to the end of a page and
# lie across it.

.set data, 0x20fc4
.set rounds, 12
given rsi, data
given rcx, rounds
expect rsi, data+8*rounds
expect rcx, 0
expect rax, 2*rounds*0x0101010101010101
expect r8, again
undefined CF|PF|AF|ZF|SF|OF

    mov rdx, 0x0101010101010101
    lea rdi, [rsi + 8 * rounds]
fill:
    mov [rdi], rdx
    sub rdi, 8
    cmp rdi, rsi
    jae fill
    mov edi, 0
    mov edx, 0
    jmp round
    .org 0xffb, 0x90
round:
    lea r8, [rip + again]
again:
    add rax, [rsi]
    add rax, [rsi + 8]
    add rsi, 8
    dec ecx
    jnz round
    hlt
