# REX.W wins over 66, and 67 truncates an address to 32 bits after the sum (Intel SDM Vol. 2A, 2.2.1.2 and 3.3.7).

given rax, -1
given rbx, 0xfffffffffff00000
given rcx, 0xf00000120000
given rdx, 0x77
expect rax, 0xffffffff80000000
expect rsi, 0x77
expect_memory 0x20000, 8, 0x77

    .byte 0x66, 0x48, 0xc7, 0xc0, 0, 0, 0, 0x80     # mov rax, -0x80000000
    mov [ebx + ecx], rdx
    mov rsi, [0x20000]
    hlt
