# Setting PE changes no segment register: code goes on at base 16 * CS, and data is reached through the bases and
# limits of real mode until each register is loaded (Intel SDM Vol. 3, 9.9.1).

.include "x86/real16/unreal/unreal.inc"

expect cs, 0x7c0
expect ds, 0x2000
expect ds_base, 0x20000
expect ds_limit, 0xffff
expect rax, 0x60000011
expect cr0, 0x60000011
expect rcx, 0x1234
expect rsp, 0x6ffe
expect_memory 0x20010, 2, 0x1234
expect_memory 0x6ffe, 2, 0x1234

    mov ax, 0x2000
    mov ds, ax
    jmp 0x7c0:go_on - 0x7c00
go_on:
    mov eax, cr0
    or al, 1
    mov cr0, eax
    mov word ptr [0x10], 0x1234
    mov cx, [0x10]
    push cx
    hlt
