# The DPL of a call gate must not be below CPL nor below the RPL of its selector: #GP with the gate's selector
# otherwise. All of CPL 0 and 3, RPL and DPL; the target is conforming (Intel SDM Vol. 3, 5.8.4).

.include "x86/prot32/faults.inc"

descriptor conforming, 0x9f
.irp dpl, 0, 1, 2, 3
call_gate gate\dpl, conforming, arrived, 0x8c+\dpl*0x20
.endr

.macro try_gate instruction, dpl, rpl, cpl
    .set selector, gate\dpl + \rpl
    .if \dpl >= \cpl && \dpl >= \rpl
    mov ebx, offset .Lon\@
    \instruction selector:0
    ud2
.Lon\@:
    .else
    refused general_protection, gate\dpl, \instruction selector:0
    .endif
.endm

.macro try_gates cpl
    .irp instruction, ljmp, lcall
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 1, 2, 3
    try_gate \instruction, \dpl, \rpl, \cpl
    .endr
    .endr
    .endr
.endm

ends_in_user_code conforming+3

    watch_faults
    try_gates 0
    enter_user
    try_gates 3
    mov esp, 0x1e0000
    xor ebx, ebx
    hlt
arrived:
    jmp ebx
