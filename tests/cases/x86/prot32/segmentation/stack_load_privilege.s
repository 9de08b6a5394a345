# SS takes a selector only when its RPL and its DPL both equal CPL; otherwise #GP with the selector (Intel SDM Vol. 3,
# 5.7).

.include "x86/prot32/faults.inc"
.set note_prefix, 0x3e

.irp dpl, 0, 1, 2, 3
descriptor data\dpl, 0x93+\dpl*0x20
.endr

.macro try_loads cpl
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 1, 2, 3
    mov eax, data\dpl + \rpl
    .if \dpl == \cpl && \rpl == \cpl
    mov ss, ax
    mov ecx, ss
    holds ecx, eax
    .else
    refused general_protection, data\dpl, mov ss, ax
    .endif
    .endr
    .endr
.endm

ends_in_user_code

    watch_faults
    try_loads 0
    enter_user
    try_loads 3
    mov eax, user_data
    mov ss, ax
    xor eax, eax
    xor ecx, ecx
    hlt
