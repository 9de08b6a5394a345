# In long mode LAR and LSL know the LDT and the 64-bit TSSs, and LAR the 64-bit call gate; the 16-bit types and the
# task gate are gone. Segments are as ever (Intel SDM Vol. 2A, LAR, table 3-53, and LSL, table 3-56). Presence does
# not count.

.include "x86/long64/faults.inc"

.irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
system_descriptor system\type, 0x00+\type, 0x12345
descriptor segment\type, 0x10+\type, 0x12345
.endr

.macro query instruction, name, value
    mov rax, -1
    mov ecx, \name
    \instruction eax, ecx
    .if \value
    jnz .Lwrong\@
    .ifc \instruction, lar
    and eax, ~0xf0000                       # Undefined.
    .endif
    cmp rax, \value
    .else
    jz .Lwrong\@
    cmp rax, -1
    .endif
    je .Lright\@
.Lwrong\@:
    ud2
.Lright\@:
.endm

    .irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    query lar, segment\type, (0xc01000+\type*0x100)
    query lsl, segment\type, 0x12345fff
    .endr
    .irp type, 2, 9, 11
    query lar, system\type, (\type*0x100)
    query lsl, system\type, 0x12345
    .endr
    query lar, system12, 0x0c00
    query lsl, system12, 0
    .irp type, 0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15
    query lar, system\type, 0
    query lsl, system\type, 0
    .endr
    xor eax, eax
    xor ecx, ecx
    hlt
