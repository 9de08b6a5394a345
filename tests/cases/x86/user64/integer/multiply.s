# MUL, IMUL in one, two and three operands (Intel SDM Vol. 2). CF and OF tell that the upper half is significant.

given rax, 0xffffffffffffffff
given rbx, 0xffffffffffffffff
given rsi, -3
expect rax, 0x0001
expect rdx, 0xfffffffffffffffe
expect r8, 0x1
expect rsi, -3
expect rdi, -21
expect r9, 0x7ffffffe
expect r10, 1
expect r11, 0xfffe
expect rflags, CF|OF
undefined SF|ZF|AF|PF

    mul rbx                     # rdx:rax = 2^128 - 2^65 + 1
    mov r8, rax
    imul rdi, rsi, 7
    seto r9b
    mov r10d, 0x7fffffff
    imul r9d, r10d, 0x2         # overflows to -2
    mov r9d, 0x3fffffff
    add r9d, r9d
    mov al, 0xff
    mov cl, 2
    imul cl                     # -1 * 2: no overflow
    movzx r11d, ax
    xor ecx, ecx
    mov eax, 0x10001
    imul eax, eax, 0x10001      # 0x1_0002_0001: overflow
    mov eax, 1
    mov r10d, 1
    hlt
