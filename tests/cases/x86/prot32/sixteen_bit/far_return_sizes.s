# RETF with a 16-bit operand in 32-bit code pops two words, and with a 32-bit one in 16-bit code two doublewords;
# RET n adds to ESP as a whole (Intel SDM Vol. 2B, RET).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rsp, 0x1efff0
expect cs, kernel_code32
expect rax, 0x1efff0
expect rbx, 0x1f0010
expect rsp, 0x1f0010
expect rip, end

    put_code16
    push word ptr code16
    push word ptr offset first - code_origin
    .byte 0x66, 0xcb
    .code16
first:
    mov eax, esp
    push dword ptr 0xabcd0000 + kernel_code32
    push dword ptr offset second
    .byte 0x66, 0xca, 0x20, 0
    .code32
second:
    mov ebx, esp
end:
    hlt
