# 64-bit mode checks a descriptor for SS as ever: writable data, RPL = DPL = CPL, present, though it uses neither base
# nor limit of it (Intel SDM Vol. 3, 5.4.1.1 and 5.7).

.include "x86/long64/faults.inc"

.irp dpl, 0, 1, 2, 3
descriptor data\dpl, 0x93+\dpl*0x20
.endr
descriptor read_only, 0x91
descriptor code, 0x9b
descriptor downward, 0x97, 0xfffff, 0x12345, 0
descriptor absent, 0x13
.set beyond, 0x1000
ends_in_user_code
expect rax, user_data

.macro try_privileges cpl
    .irp dpl, 0, 1, 2, 3
    .irp rpl, 0, 1, 2, 3
    mov eax, data\dpl + \rpl
    .if \dpl == \cpl && \rpl == \cpl
    mov ss, eax
    .else
    refused general_protection, data\dpl, mov ss, eax
    .endif
    .endr
    .endr
.endm

    watch_faults
    try_privileges 0
    .irp selector, read_only, code, task_state, beyond
    mov eax, \selector
    refused general_protection, \selector, mov ss, eax
    .endr
    mov eax, absent
    refused stack_fault, absent, mov ss, eax
    mov eax, downward
    mov ss, eax
    push rax
    pop rax
    enter_user
    try_privileges 3
    mov eax, user_data
    mov ss, eax
    hlt
