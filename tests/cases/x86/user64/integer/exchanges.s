# XCHG, XADD, CMPXCHG and CMPXCHG16B (Intel SDM Vol. 2).

given rax, 1
given rbx, 2
given rcx, 5
expect rax, 9
expect rbx, 3
expect rcx, 10
expect rdx, 8
expect rsi, 1
expect rdi, 0
expect_memory first, 8, 15
expect_memory second, 16, 3, 10
expect rflags, ZF|PF
undefined CF|OF|SF|AF|PF

    lock xadd [first], rcx      # 10 and 15
    xchg rax, rbx
    lock cmpxchg [first], rbx   # RAX is 2: not equal, RAX becomes 15
    sete dil
    mov rax, 9
    mov rdx, 8
    mov rbx, 3
    lock cmpxchg16b [second]
    sete sil
    cmp sil, 1
    hlt
    .balign 16
first:
    .quad 10, 0
second:
    .quad 9, 8
