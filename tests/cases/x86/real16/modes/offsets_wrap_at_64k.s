# 16-bit effective addresses are computed modulo 64 Ki, and a sum that wraps is no fault (Intel SDM Vol. 1, 3.7.5;
# Vol. 3, 20.1.1). Only the low halves of the registers take part.

given rbx, 0xaaaafff0
given rsi, 0xbbbb0020
given rdi, 0xcccc0040
given rbp, 0xdddd8000
expect rax, 0x0010
expect rcx, 0x0030
expect rdx, 0xffff

    mov ax, 0x2000
    mov ds, ax
    mov ss, ax
    lea ax, [bx + si]
    mov byte ptr [bx + si], 0x11
    lea cx, [bx + di]
    mov byte ptr [bx + di], 0x22
    lea dx, [bp + 0x7fff]
    lea sp, [bp + 0x7fff]
    mov byte ptr [bp + si - 0x7fe0], 0x44       # 0x0040
    mov byte ptr [bx + di - 0x31], 0x55         # 0xffff
    hlt

expect ds, 0x2000
expect ss, 0x2000
expect rsp, 0xffff
expect_memory 0x20010, 1, 0x11
expect_memory 0x20030, 1, 0x22
expect_memory 0x20040, 1, 0x44
expect_memory 0x2ffff, 1, 0x55
