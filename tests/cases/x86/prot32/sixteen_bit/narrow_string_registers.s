# String instructions with 16-bit addresses in 32-bit code use SI, DI and CX, which wrap at 64 Ki, and leave the
# upper halves alone (Intel SDM Vol. 1, 3.3.7 and 7.3.9.1).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rsi, 0x1230fffe
given rdi, 0x45600010
given rcx, 0x78900003
expect rsi, 0x12300004
expect rdi, 0x45600016
expect rcx, 0x78900000
expect_memory 0x10, 8, 0x444433332222

    mov word ptr [0xfffe], 0x2222
    mov dword ptr [0], 0x44443333
    .byte 0x67, 0xf3, 0x66, 0xa5        # rep movsw
    hlt
