# String instructions in real mode: 16-bit SI, DI and CX, DS may be overridden, ES may not; a 32-bit operand needs a prefix.

given rsi, 0xfffe
given rdi, 0x10
given rcx, 0xabcd0002
expect rsi, 0x0006
expect rdi, 0x0018
expect rcx, 0xabcd0000
expect rax, 0x3000
expect es, 0x2000
expect fs, 0x3000
expect_memory 0x20010, 8, 0x4444333322220000
undefined CF|OF|SF|ZF|AF|PF

    mov ax, 0x2000
    mov es, ax
    mov ax, 0x3000
    mov fs, ax
    mov word ptr fs:[0], 0x2222
    mov word ptr fs:[2], 0x3333
    mov word ptr fs:[4], 0x4444
    mov si, 0xfffe
    mov si, 0xfffe
    movs word ptr es:[di], word ptr fs:[si]
    movs word ptr es:[di], word ptr fs:[si]
    rep movs word ptr es:[di], word ptr fs:[si]
    hlt
