# MOVSX, MOVZX, MOVSXD, CBW to CQO, and partial registers: 8- and 16-bit writes keep the rest, 32-bit ones clear the
# upper half (Intel SDM Vol. 1, 3.4.1.1).

given rax, 0x1122334455667788
given rbx, 0x1122334455667788
given rcx, 0x80
given rdx, 0x1111111111111111
expect rax, 0xffffffffffffff80
expect rbx, 0x1122334455668077
expect rdx, 0xffffffffffffffff
expect rsi, 0xffffff80
expect rdi, 0x80
expect r8, 0xffffffff80000000
expect r9, 0x11223344aaaa7788
expect r10, 0xbbbbbbbb

    mov bh, cl
    mov bl, ah
    movsx esi, cl
    movzx rdi, cl
    mov r8d, 0x80000000
    movsxd r8, r8d
    mov r9, rax
    mov r10, -1
    mov r10d, 0xbbbbbbbb
    mov al, cl
    cbw
    cwde
    cdqe
    cqo
    mov r9, 0x11223344aaaa7788
    hlt
