# IN writes AL or AX alone, and EAX with the upper half cleared; ports that nothing answers read as ones. REX.W widens
# nothing (Intel SDM Vol. 2A, IN).

expect rax, 0x11111111111111ff
expect rbx, 0x111111111111ffff
expect rcx, 0xffffffff
expect rsi, 0xffffffff
expect rdi, 0x20004
expect rdx, 0x5678
expect_memory 0x20000, 8, 0x11111111ffffffff

    mov edx, 0x5678
    mov edi, 0x20000
    mov rax, 0x1111111111111111
    mov [rdi], rax
    in ax, dx
    mov rbx, rax
    mov rax, 0x1111111111111111
    in eax, 0x90
    mov rcx, rax
    mov rax, 0x1111111111111111
    .byte 0x48
    in eax, dx
    mov rsi, rax
    .byte 0x48
    insd
    mov rax, 0x1111111111111111
    in al, dx
    hlt
