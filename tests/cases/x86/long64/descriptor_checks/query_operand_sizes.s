# LAR and LSL in 64-bit mode: with REX.W they give the same 32 bits, zero-extended; with 16-bit operands they leave
# the other 48 bits alone; a memory operand is a word, which may end where memory does (Intel SDM Vol. 2A, LAR and
# LSL).

.include "x86/long64/faults.inc"

descriptor asked, 0x93, 0x54321
expect rax, 0x5555555555559300
expect rbx, 0x5555555555551fff
expect rcx, 0xc09300
expect rdx, 0x54321fff
expect rsi, asked

    mov esi, asked
    mov [unmapped - 2], si
    .irp register, rax, rbx, rcx, rdx
    movabs \register, 0x5555555555555555
    .endr
    lar ax, si
    lsl bx, si
    lar rcx, word ptr [unmapped - 2]
    and rcx, ~0xf0000                       # Undefined.
    lsl rdx, word ptr [unmapped - 2]
    hlt
