# REP MOVSB and MOVSQ, forward and backward, and STOS; the last iteration leaves RCX 0. A REP instruction retires once.

given rsi, 0x20000
given rdi, 0x20100
given rax, 0xab
given rcx, 5
expect rsi, 0x20000
expect rdi, 0x200f8
expect rcx, 0
expect_memory 0x20000, 8, 0xabababababcdefab
expect_memory 0x20100, 8, 0
expect retired, 18
expect rax, 0xab
expect rbx, 0x20005

    mov rdi, 0x20000
    rep stosb
    mov rbx, rdi
    mov rdi, 0x20100
    mov rsi, 0x20000
    mov ecx, 4
    rep movsb
    mov rax, 0xabababababcdefab
    mov [0x20000], rax
    mov al, 0xab
    mov rdi, 0x20100
    mov rsi, 0x20008
    std
    mov ecx, 1
    mov rsi, 0x20008
    rep movsq
    cld
    mov eax, 0xab
    hlt

expect_memory 0x20108, 8, 0
