# A far CALL from 32-bit code through a 16-bit call gate pushes CS and IP as words and enters at the gate's 16-bit
# offset; the 16-bit RETF of the routine returns to EIP with its upper half cleared (Intel SDM Vol. 3, 5.8.3 and
# 21.4).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

expect cs, kernel_code32
expect rcx, 0x1efffc
expect rip, back-code_origin
expect rsp, 0x1f0000
expect_memory 0x1efffc, 2, back-code_origin
expect_memory 0x1efffe, 2, kernel_code32

    put_code16
    mov dword ptr [0x660], offset routine - code_origin + (code16 << 16)
    mov dword ptr [0x664], 0xdead8400
    mov byte ptr [back - code_origin], 0xf4
    .byte 0x9a
    .long 0x12345678
    .word 0x60
back:
    ud2
    .code16
routine:
    mov ecx, esp
    retf
