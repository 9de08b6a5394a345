# JMP and CALL to non-conforming code without a gate: only when DPL = CPL and RPL <= CPL, otherwise #GP with the
# selector. CS takes CPL for its RPL (Intel SDM Vol. 3, 5.8.1.1). All of CPL 0 and 3, RPL and DPL.

.include "x86/prot32/faults.inc"

.irp dpl, 0, 1, 2, 3
descriptor code\dpl, 0x9b+\dpl*0x20
.endr

.macro try_transfer instruction, dpl, rpl, cpl
    .set selector, code\dpl + \rpl
    .if \dpl == \cpl && \rpl <= \cpl
    \instruction selector:.Lthere\@
.Lthere\@:
    mov ecx, cs
    holds ecx, code\dpl+\cpl
    .else
    refused general_protection, code\dpl, \instruction selector:0
    .endif
.endm

.macro try_transfers cpl
    .irp instruction, ljmp, lcall
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 1, 2, 3
    try_transfer \instruction, \dpl, \rpl, \cpl
    .endr
    .endr
    .endr
.endm

ends_in_user_code code3+3

    watch_faults
    try_transfers 0
    enter_user
    try_transfers 3
    mov esp, 0x1e0000
    xor ecx, ecx
    hlt
