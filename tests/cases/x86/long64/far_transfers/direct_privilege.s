# Far JMP and CALL in 64-bit mode, through memory, follow the old rules: non-conforming code needs DPL = CPL and RPL
# <= CPL, conforming code DPL <= CPL; CS takes CPL for its RPL (Intel SDM Vol. 3, 5.8.1). All of CPL 0 and 3, RPL and
# DPL.

.include "x86/long64/faults.inc"

.irp dpl, 0, 1, 2, 3
descriptor plain\dpl, 0x9b+\dpl*0x20, 0xfffff, 0, 0xa
descriptor conforming\dpl, 0x9f+\dpl*0x20, 0xfffff, 0, 0xa
.endr

.macro try_transfer instruction, name, dpl, rpl, good, cpl
    .set selector, \name\dpl + \rpl
    mov dword ptr [0x20004], selector
    .if \good
    mov dword ptr [0x20000], offset .Lthere\@
    \instruction fword ptr [0x20000]
    ud2
.Lthere\@:
    mov ecx, cs
    holds ecx, \name\dpl+\cpl
    .else
    refused general_protection, \name\dpl, \instruction fword ptr [0x20000]
    .endif
.endm

.macro try_transfers cpl
    .irp instruction, jmp, call
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 1, 3
    try_transfer \instruction, plain, \dpl, \rpl, "(\dpl == \cpl && \rpl <= \cpl)", \cpl
    try_transfer \instruction, conforming, \dpl, \rpl, "(\dpl <= \cpl)", \cpl
    .endr
    .endr
    .endr
.endm

ends_in_user_code conforming3+3

    watch_faults
    try_transfers 0
    enter_user
    try_transfers 3
    mov esp, 0x1e0000
    xor ecx, ecx
    hlt
