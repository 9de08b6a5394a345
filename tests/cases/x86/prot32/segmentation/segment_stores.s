# A selector is stored as a word in memory whatever the operand size, and zero-extended in a 32-bit register; a 16-bit
# one keeps its upper half (Intel SDM Vol. 2B, MOV).

expect ds, kernel_data
expect rax, kernel_data
expect rbx, 0xffff0010
expect_memory 0x20000, 4, 0xffff0010

    mov dword ptr [0x20000], -1
    mov eax, -1
    mov ebx, -1
    mov eax, ds
    mov bx, ds
    .byte 0x8c, 0x1d
    .long 0x20000                           # mov [0x20000], ds, without a prefix
    hlt
