# PUSH and POP move SP modulo 64 Ki and leave the upper half of ESP alone (Intel SDM Vol. 3, 20.1.1). A doubleword
# that does not fit at the segment's end is #SS, with SP as it was.

.include "x86/real16/fault_log.inc"

given rsp, 0x5a5a0000
given rdx, 0x11112222
expect rax, 0x2222
expect rbx, 0xfffe
expect rcx, 0x0002
expect rsp, 0x5a5a7000
expect ss, 0x2000
expect_log 12, 12

    mov ax, 0x2000
    mov ss, ax
    log_faults 12
    push dx
    mov bx, sp
    pop ax                      # SP is 0 again
    mov sp, 2
    mov cx, sp
    try push edx
    cmp sp, 2
    jne wrong
    mov sp, 0xfffe
    try pop edx
    cmp sp, 0xfffe
wrong:
    mov sp, 0x7000
    hlt
expect rflags, ZF|PF
