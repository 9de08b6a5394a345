# PUSH, POP, PUSHFQ, POPFQ, ENTER and LEAVE (Intel SDM Vol. 2). POP RSP takes the value popped; PUSH RSP pushes the old one.

given rax, 0x1234567890abcdef
given rbp, 0x77
expect rbx, 0x1234567890abcdef
expect rcx, 0x1f0000
expect rdx, -2
expect rsi, 0x1efff8-0x20
expect rdi, 0x1f0000

expect_memory 0x1efff0, 8, -2
expect rflags, CF|DF
expect retired, 18

    push rax
    pop rbx
    push rsp
    pop rcx
    push -2
    mov rdx, [rsp]
    pop rdx
    enter 0x20, 0
    mov rsi, rsp
    leave
    push rsp
    pop rsp
    mov rdi, rsp
    push CF|DF|2
    popfq
    pushfq
    push -2
    lea rsp, [rsp + 16]
    hlt
