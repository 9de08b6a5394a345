# 64-bit mode checks what is loaded into DS, ES, FS and GS as ever: type, DPL against CPL and RPL, presence (Intel SDM
# Vol. 3, 5.4.1.1 and 5.6), though it ignores most of it afterwards.

.include "x86/long64/faults.inc"

.irp dpl, 0, 1, 2, 3
descriptor data\dpl, 0x93+\dpl*0x20
descriptor conforming\dpl, 0x9f+\dpl*0x20
.endr
descriptor unreadable, 0x99
descriptor absent, 0x73
descriptor long_code, 0xfb, 0xfffff, 0, 0xa
.set beyond, 0x1000
ends_in_user_code

.macro try_load selector, good, vector, error
    mov eax, \selector
    .irp register, ds, es, fs, gs
    .if \good
    mov \register, eax
    mov ecx, \register
    holds ecx, eax
    .else
    refused \vector, \error, mov \register, eax
    .endif
    .endr
.endm

.macro try_privileges cpl
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 2, 3
    try_load data\dpl+\rpl, "(\dpl >= \rpl && \dpl >= \cpl)", general_protection, data\dpl
    try_load conforming\dpl+\rpl, 1
    .endr
    .endr
.endm

    watch_faults
    try_privileges 0
    .irp selector, unreadable, task_state, beyond, 4
    try_load \selector, 0, general_protection, \selector
    .endr
    try_load absent, 0, segment_not_present, absent
    try_load long_code, 1
    enter_user
    try_privileges 3
    try_load 0, 1
    xor ecx, ecx
    hlt
