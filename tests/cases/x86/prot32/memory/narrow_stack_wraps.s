# Without SS.B the stack pointer is SP: pushes and a call wrap at 64 KiB and leave the upper half of ESP alone (Intel SDM Vol.
# 1, 6.2.3 and 6.2.5).

.include "x86/prot32/faults.inc"

descriptor narrow, 0x93, 0xffff, 0x20000, 0
given rsp, 0x1234fffc
expect rsp, 0xabcd0004
expect rax, 0x66666666
expect rbx, 0x1111
expect rcx, 0x22222222
expect rbp, narrow
expect ss, narrow
expect_memory 0x2fff8, 4, 0x33333333
expect_memory 0x20000, 4, 0x66666666

    mov ebp, narrow
    mov ss, ebp
    mov esp, 0xabcd0004
    push 0x66666666
    push 0x22222222
    push 0x33333333
    pop eax
    pop ecx
    pushw 0x1111
    popw bx
    call 1f
1:  pop eax
    pop eax
    hlt
