# PUSH and POP in a row, with instructions between them that look at RSP or not, and a POP that faults: RSP shows those
# that are done and no more (Intel SDM Vol. 2, POP). An engine may move RSP for several at once.

given rsp, 0x200000
given rax, 0x1111
given rbx, 0x2222
expect rsp, 0x200000
expect rcx, 0x1ffff0
expect rdx, 0x1fffe0
expect rsi, 0x1fffe8
expect rdi, 0x1122
expect r8, 0x1111
expect r9, 0x2222
expect r12, 0x1ffff8
expect r10, 0x3333
expect_memory 0x1fffe0, 8, 0x1122
expect_memory 0x1fffe8, 8, 0x3333
expect_memory 0x1ffff0, 8, 0x2222
expect_memory 0x1ffff8, 8, 0x1111
faults page_fault, fault, 4
expect cr2, 0x200000
undefined CF|OF|SF|ZF|AF|PF

    push rax
    push rbx
    mov rcx, rsp
    mov edi, 0x1122
    push 0x3333
    lea rdx, [rsp - 8]
    push rdi
    add edi, 0
    lea rsi, [rdx + 8]
    pop rdi
    pop r10
    cmp rsi, rdx
    pop r9
    mov r12, rsp
    pop r8
fault:
    pop r8
    hlt
