# LSL gives the limit in bytes, for segments, LDTs and TSSs, present or not; a limit in pages gets twelve ones. Gates
# and the other types have none: ZF is cleared and the register stays (Intel SDM Vol. 2A, LSL, table 3-56).

.include "x86/prot32/faults.inc"

.irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
descriptor system\type, 0x00+\type, 0x12345, 0, 0
descriptor segment\type, 0x10+\type, 0x12345
.endr

.macro limit name, value
    mov eax, 0x55555555
    mov ecx, \name
    lsl eax, ecx
    .if \value
    jnz .Lwrong\@
    cmp eax, \value
    .else
    jz .Lwrong\@
    cmp eax, 0x55555555
    .endif
    je .Lright\@
.Lwrong\@:
    ud2
.Lright\@:
.endm

    .irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    limit segment\type, 0x12345fff
    .endr
    .irp type, 1, 2, 3, 9, 11
    limit system\type, 0x12345
    .endr
    .irp type, 0, 4, 5, 6, 7, 8, 10, 12, 13, 14, 15
    limit system\type, 0
    .endr
    xor eax, eax
    xor ecx, ecx
    hlt
