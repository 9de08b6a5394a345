# LAR gives bits 23:8 of the descriptor's second doubleword, with the limit's bits 19:16 undefined, for every segment,
# LDT, TSS, call gate and task gate, present or not; for all other types it clears ZF and leaves the register (Intel
# SDM Vol. 2A, LAR, table 3-53).

.include "x86/prot32/faults.inc"

.irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
descriptor system\type, 0x00+\type
descriptor segment\type, 0x90+\type
.endr

.macro rights name, access
    mov eax, -1
    mov ecx, \name
    lar eax, ecx
    .if (\access) & 0xff
    jnz .Lwrong\@
    and eax, ~0xf0000
    cmp eax, 0xc00000 + ((\access) << 8)
    .else
    jz .Lwrong\@
    cmp eax, -1
    .endif
    je .Lright\@
.Lwrong\@:
    ud2
.Lright\@:
.endm

    .irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    rights segment\type, 0x90+\type
    .endr
    .irp type, 1, 2, 3, 4, 5, 9, 11, 12
    rights system\type, 0x00+\type
    .endr
    .irp type, 0, 6, 7, 8, 10, 13, 14, 15
    rights system\type, 0
    .endr
    xor eax, eax
    xor ecx, ecx
    hlt
