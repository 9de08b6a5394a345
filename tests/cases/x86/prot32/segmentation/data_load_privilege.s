# DS, ES, FS and GS take data and non-conforming code only when DPL >= max(CPL, RPL); otherwise #GP with the selector,
# RPL bits clear (Intel SDM Vol. 3, 5.6). All of CPL 0 and 3, RPL and DPL.

.include "x86/prot32/faults.inc"

.irp dpl, 0, 1, 2, 3
descriptor data\dpl, 0x93+\dpl*0x20
descriptor code\dpl, 0x9b+\dpl*0x20
.endr

.macro try_load kind, dpl, rpl, cpl
    mov eax, \kind\dpl + \rpl
    .if \dpl >= \rpl && \dpl >= \cpl
    mov fs, ax
    mov ecx, fs
    holds ecx, eax
    .else
    refused general_protection, \kind\dpl, mov fs, ax
    .endif
.endm

.macro try_loads cpl
    .irp kind, data, code
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 1, 2, 3
    try_load \kind, \dpl, \rpl, \cpl
    .endr
    .endr
    .endr
.endm

ends_in_user_code

    watch_faults
    try_loads 0
    enter_user
    try_loads 3
    xor eax, eax
    mov fs, ax
    xor ecx, ecx
    hlt
