# RDTSC and RDTSCP clear the upper halves of their registers, and change no flag and no other register (Intel SDM Vol. 2B).

given ymm3, 1, 2, 3, 4
given ymm15, 5, 6, 7, 8

    mov r8d, 20
round:
    vpaddq ymm4, ymm4, ymm3
    or rax, -1
    or rdx, -1
    cmp r8d, 7
    rdtsc
    adc r10d, 0                    # 6 of 20 are below.
    shl rdx, 32
    jc wrong
    add rdx, rax
    cmp rdx, r9
    jb wrong
    mov r9, rdx
    vpaddq ymm5, ymm15, ymm4
    or rax, -1
    or rcx, -1
    stc
    rdtscp
    jnc wrong
    shl rdx, 32
    add rdx, rax
    cmp rdx, r9
    jb wrong
    shr rcx, 32
    jnz wrong
    dec r8d
    jnz round
    .irp register, eax, edx, r9d
    xor \register, \register
    .endr
wrong:
    hlt
expect r10, 6
expect r9, 0
expect ymm4, 20, 40, 60, 80
expect ymm5, 25, 46, 67, 88
expect rflags, ZF|PF
undefined AF
