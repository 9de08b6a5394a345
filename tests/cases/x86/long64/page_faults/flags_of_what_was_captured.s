# Flags follow from an operand in memory, or from what a shift has overwritten (Intel SDM Vol. 2A, CMP and TEST, Vol. 2B, SAL),
# and a load that crosses a page has come in between.

.set number, 0x20100
given rbx, 0x20ffe
given rsi, number
given rdi, 0x80000001
expect rbx, 0x20ffe
expect rsi, number
expect rdi, 8
expect rax, 0
expect rcx, 1
expect rdx, 1
expect rbp, 1
expect r8, 1
expect_memory number, 4, 7
expect rflags, CF|PF|AF|SF

    mov dword ptr [rsi], 7
    xor ebp, ebp
    cmp dword ptr [rsi], 7
    mov eax, [rbx]
    setz cl
    mov edx, 6
    cmp edx, [rsi]
    mov eax, [rbx]
    setc dl
    mov r8d, 8
    test [rsi], r8d
    mov eax, [rbx]
    setz r8b
    shl edi, 3
    mov eax, [rbx]
    setnc bpl
    movzx ecx, cl
    movzx edx, dl
    movzx r8d, r8b
    movzx ebp, bpl
    cmp ebp, [rsi]
    mov eax, [rbx]
    hlt
