# Flags follow from a comparison (Intel SDM Vol. 2A, CMP) although its operand is another value by then, and a load that crosses
# a page has come in between.

given rbx, 0x20ffe
given rcx, 0x21ffd
expect rbx, 0x20ffe
expect rax, 0
expect rcx, 0
expect rdx, 1
expect rsi, 9
expect rdi, 3
expect rflags, CF|PF|SF|AF

    mov esi, 5
    cmp esi, 5
    mov esi, 9
    mov eax, [rbx]
    setz dl
    mov edi, 2
    cmp edi, 3
    mov edi, 3
    mov ecx, [rcx]
    hlt
