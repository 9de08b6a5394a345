# DIV and IDIV: quotients round to zero, the remainder has the dividend's sign (Intel SDM Vol. 2A, IDIV).

given rax, 7
given rdx, 1
given rbx, 16
given rcx, -7
expect rax, -3
expect rdx, -1
expect rcx, 2
expect r8, 0x1000000000000000
expect r9, 7
expect r10, 0x0305
undefined CF|OF|SF|ZF|AF|PF

    div rbx                     # (2^64 + 7) / 16
    mov r8, rax
    mov r9, rdx
    mov ax, 53
    mov bl, 10
    div bl                      # AL = 5, AH = 3
    movzx r10d, ax
    mov bl, 16
    mov rax, rcx
    cqo
    mov ecx, 2
    idiv rcx
    hlt
