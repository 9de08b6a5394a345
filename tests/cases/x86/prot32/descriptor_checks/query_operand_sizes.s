# LAR and LSL with 16-bit operands give the low word of the result and keep the register's upper half; a memory
# operand is always a word, so that it may end at the segment's limit (Intel SDM Vol. 2A, LAR and LSL).

.include "x86/prot32/faults.inc"

descriptor asked, 0x93, 0x54321
descriptor two_bytes, 0x93, 1, 0x20000, 4
expect fs, two_bytes
expect rax, 0x55559300
expect rbx, 0x55551fff
expect rcx, 0x54321fff
expect rdx, 0xc09300

    watch_faults
    mov word ptr [0x20000], asked
    mov eax, two_bytes
    mov fs, ax
    mov eax, 0x55555555
    mov ebx, eax
    lar ax, word ptr fs:[0]
    lsl bx, word ptr fs:[0]
    lsl ecx, word ptr fs:[0]
    lar edx, word ptr fs:[0]
    and edx, ~0xf0000                       # The limit's bits there are undefined.
    verr word ptr fs:[0]
    refused general_protection, 0, lar edx, word ptr fs:[1]
    refused general_protection, 0, verw word ptr fs:[1]
    hlt
