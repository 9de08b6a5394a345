# VERR sets ZF for data and readable code, VERW for writable data, both whether or not it is present; system
# descriptors are neither (Intel SDM Vol. 2B, VERR).

.include "x86/prot32/faults.inc"

.irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
descriptor system\type, 0x80+\type
descriptor segment\type, 0x10+\type
.endr

.macro verify instruction, name, condition
    mov ecx, \name
    \instruction cx
    j\condition .Lright\@
    ud2
.Lright\@:
.endm

    .irp type, 0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 14, 15
    verify verr, segment\type, z
    .endr
    .irp type, 8, 9, 12, 13
    verify verr, segment\type, nz
    .endr
    .irp type, 2, 3, 6, 7
    verify verw, segment\type, z
    .endr
    .irp type, 0, 1, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15
    verify verw, segment\type, nz
    .endr
    .irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    verify verr, system\type, nz
    verify verw, system\type, nz
    .endr
    xor ecx, ecx
    hlt
