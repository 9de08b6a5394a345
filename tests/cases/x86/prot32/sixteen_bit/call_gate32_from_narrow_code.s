# 16-bit code that calls through a 32-bit gate pushes CS and EIP as doublewords; the routine's 32-bit RETF comes
# back (Intel SDM Vol. 3, 5.8.3 and 21.4).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

expect cs, code16
expect rcx, 0x1efff8
expect rip, back-code_origin
expect_memory 0x1efff8, 8, (code16<<32)+back-code_origin

    put_code16
    mov eax, offset routine
    mov word ptr [0x660], ax
    shr eax, 16
    mov word ptr [0x666], ax
    mov word ptr [0x662], kernel_code32
    mov word ptr [0x664], 0x8c00
    xor eax, eax
    enter_code16
    call 0x60:0
back:
    hlt
    .code32
routine:
    mov ecx, esp
    retf
undefined ZF|PF
