# XSAVEC writes the whole compacted header: XCOMP_BV with bit 63 and the components asked for, XSTATE_BV with those in use
# (Intel SDM Vol. 2D, XSAVEC; Vol. 1, 13.10). Components not asked for get no place.

given rax, 6
given rbx, 0x20000
given ymm3, 1, 2, 3, 4
expect ymm3, 1, 2, 3, 4
expect_memory 0x20200, 16, 6, 0x8000000000000006
expect_memory 0x20000+160+48, 16, 1, 2
expect_memory 0x20240+48, 16, 3, 4
expect_memory 0x20000, 8, 0x5555555555555555

    mov rdx, 0x5555555555555555
    mov [rbx], rdx
    mov [rbx + 512], rdx
    mov [rbx + 520], rdx
    xor edx, edx
    test edx, edx
    xsavec [rbx]
    hlt
expect rflags, ZF|PF
