# VERR and VERW clear ZF when DPL is below CPL or RPL, except VERR for conforming code. All of CPL 0 and 3, RPL and
# DPL (Intel SDM Vol. 2B, VERR).

.include "x86/prot32/faults.inc"

.irp dpl, 0, 1, 2, 3
descriptor data\dpl, 0x93+\dpl*0x20
descriptor code\dpl, 0x9b+\dpl*0x20
descriptor conforming\dpl, 0x9f+\dpl*0x20
.endr

.macro verify instruction, selector, condition
    mov ecx, \selector
    \instruction cx
    j\condition .Lright\@
    ud2
.Lright\@:
.endm

.macro verify_all cpl
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 1, 2, 3
    verify_three \dpl, \rpl, \cpl
    .endr
    .endr
.endm

.macro verify_three dpl, rpl, cpl
    .if \dpl >= \rpl && \dpl >= \cpl
    verify verr, data\dpl+\rpl, z
    verify verw, data\dpl+\rpl, z
    verify verr, code\dpl+\rpl, z
    .else
    verify verr, data\dpl+\rpl, nz
    verify verw, data\dpl+\rpl, nz
    verify verr, code\dpl+\rpl, nz
    .endif
    verify verr, conforming\dpl+\rpl, z
    verify verw, conforming\dpl+\rpl, nz
.endm

ends_in_user_code

    verify_all 0
    enter_user
    verify_all 3
    xor ecx, ecx
    hlt
