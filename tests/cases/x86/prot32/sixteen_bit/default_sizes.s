# In a code segment with D clear operands and offsets have 16 bits, and the prefixes make them 32; in one with D set
# it is the other way round. The same bytes mean different instructions (Intel SDM Vol. 1, 3.6.1).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rbx, 0x10004
given rdi, 0x24
given rcx, 0x77770000
expect cs, code16
expect rax, 0x1234
expect rcx, 0x7777b8f0
expect rdx, 0xaaaa5678
expect rsi, 0x9abcdef0
expect rip, end-code_origin
expect_memory 0x28, 2, 0x1111
expect_memory 0x10024, 2, 0x2222

    put_code16
    mov edx, 0xaaaa5678
    .byte 0xb8, 0x34, 0x12, 0, 0        # mov eax, 0x1234
    .byte 0x66, 0xb8, 0x34, 0x12        # mov ax, 0x1234
    enter_code16
    .byte 0xb9, 0xf0, 0xb8              # mov cx, 0xb8f0
    .byte 0x66, 0xbe, 0xf0, 0xde, 0xbc, 0x9a
    mov word ptr [bx + di], 0x1111      # BX + DI = 28
    mov word ptr [ebx + 0x20], 0x2222
end:
    hlt
