# 16-bit code on a stack with B set: PUSH, CALL, RET and ENTER move all of ESP, by two bytes for 16-bit operands,
# across a multiple of 64 Ki (Intel SDM Vol. 1, 6.2).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rsp, 0x120000
given rbp, 0x55550100
expect cs, code16
expect rax, 0x11fffe
expect rbx, 0x11fffa
expect rcx, 0x11fffc
expect rsi, 0x11fffa
expect rbp, 0x5555fffc
expect rdx, 0x11fff4
expect rsp, 0x11fffe
expect_memory 0x11fffc, 2, 0x0100

    put_code16
    enter_code16
    push 0x1234
    mov eax, esp
    call routine
    mov ecx, esp
    sub ecx, 2
    enter 8, 0                  # EBP: only BP is written
    mov edx, esp
    lea esi, [esp + 6]
    mov esp, 0x11fffe
    hlt
routine:
    lea ebx, [esp - 2]
    ret

undefined CF|PF|AF|ZF|SF|OF
