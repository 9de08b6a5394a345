# The error code of an exception through a 16-bit gate is a word, below the words of the frame (Intel SDM Vol. 3,
# 6.13).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

expect cs, code16
expect rip, end-code_origin
expect rsp, 0x1f0000-8
expect rax, 0x1000
expect_memory 0x1f0000-8, 2, 0x1000
expect_memory 0x1f0000-6, 2, fault-code_origin
expect_memory 0x1f0000-4, 4, 0x00020058

    put_code16
    put_gate 13, handler-code_origin, interrupt_gate16, code16
    mov eax, 0x1000
    enter_code16
fault:
    mov ds, ax                  # beyond the GDT
    hlt
handler:
end:
    hlt
