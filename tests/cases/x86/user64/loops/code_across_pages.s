# A loop whose code lies in two pages, with one instruction in both. It is entered by a jump in the first page, by one from
# the second, and by a return; each time it is left once to the first page, and once to the second, and entered again.

.set data, 0x20000
.set rounds, 10
given rbx, 3
given rbp, 7
expect rax, 3*rounds*(rounds+1)/2
expect rbx, 0
expect rcx, 0
expect rdx, 3*rounds*0x01010101
expect rdi, 3
expect rsi, data+8*rounds
expect r8, round
expect r9, 3
expect_memory data, 8, rounds
expect_memory data+8*rounds-8, 8, 1
undefined CF|PF|AF|ZF|SF|OF

next:
    mov esi, data
    mov ecx, rounds
    lea r8, [rip + round]
    cmp ebx, 2
    ja round
    jb distant
    push r8
    ret
left_to_the_first:
    inc edi
    jmp back
    .org 0xfe0, 0x90
round:
    mov [rsi], rcx
    add rax, [rsi]
    bt qword ptr [rsi], rcx                     # By the interpreter, as a rule.
    cmp ecx, 3
    je left_to_the_first
back:
    .org 0xffd, 0x90
    add edx, 0x01010101
    add rsi, 8
    bt qword ptr [rsi - 8], rcx
    cmp ecx, ebp
    je left_to_the_second
    dec ecx
    jnz round
    dec ebx
    jnz next
    hlt
left_to_the_second:
    inc r9d
    dec ecx
    jmp round
distant:
    jmp round
