# String instructions in real mode advance SI and DI modulo 64 Ki, in either direction, and leave the upper halves
# of ESI, EDI and ECX alone (Intel SDM Vol. 2B, MOVS; Vol. 3, 20.1.1).

given rsi, 0x1111fffe
given rdi, 0x22220001
given rcx, 0x33330004
expect rsi, 0x11110002
expect rdi, 0x2222fffd
expect rcx, 0x33330000
expect ds, 0x2000
expect es, 0x3000
expect_memory 0x30000, 2, 0xa4a4
expect_memory 0x3fffe, 2, 0xa4a4

    mov ax, 0x2000
    mov ds, ax
    mov ax, 0x3000
    mov es, ax
    mov ax, 0xa4
    std
    rep stosb
    cld
    mov cx, 4
    rep lodsb
    mov ax, 0xa4
    hlt

expect rax, 0xa4
