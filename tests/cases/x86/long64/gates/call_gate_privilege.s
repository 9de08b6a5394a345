# The DPL of a 64-bit call gate must not be below CPL nor below RPL: #GP with its selector; only then a gate that is
# not present is #NP (Intel SDM Vol. 3, 5.8.4). The target is conforming.

.include "x86/long64/faults.inc"

descriptor conforming, 0x9f, 0xfffff, 0, 0xa
.irp dpl, 0, 1, 2, 3
call_gate64 gate\dpl, conforming, arrived, 0x8c+\dpl*0x20
.endr
call_gate64 absent, 0, arrived, 0x6c
call_gate64 absent_inner, 0, arrived, 0x0c

.macro try_gate instruction, dpl, rpl, cpl
    mov dword ptr [0x20004], gate\dpl + \rpl
    .if \dpl >= \cpl && \dpl >= \rpl
    mov ebx, offset .Lon\@
    \instruction fword ptr [0x20000]
    ud2
.Lon\@:
    .else
    refused general_protection, gate\dpl, \instruction fword ptr [0x20000]
    .endif
.endm

.macro try_gates cpl
    .irp instruction, jmp, call
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 1, 2, 3
    try_gate \instruction, \dpl, \rpl, \cpl
    .endr
    .endr
    mov dword ptr [0x20004], absent
    refused segment_not_present, absent, \instruction fword ptr [0x20000]
    .endr
.endm

ends_in_user_code conforming+3

    watch_faults
    try_gates 0
    enter_user
    try_gates 3
    mov dword ptr [0x20004], absent_inner
    refused general_protection, absent_inner, call fword ptr [0x20000]
    mov esp, 0x1e0000
    xor ebx, ebx
    hlt
arrived:
    jmp rbx
