# DS, ES, FS and GS take data and readable code segments, expand-down ones included; execute-only code and every
# system descriptor is #GP with the selector, and the register keeps its old segment (Intel SDM Vol. 3, 5.4.1 and
# 5.6).

.include "x86/prot32/faults.inc"

.irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
descriptor system\type, 0x80+\type
descriptor segment\type, 0x90+\type
.endr
expect rax, kernel_data

    watch_faults
    .irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    mov eax, system\type
    .irp register, ds, es, fs, gs
    refused general_protection, system\type, mov \register, ax
    .endr
    .endr
    .irp type, 8, 9, 12, 13                 # execute-only
    mov eax, segment\type
    .irp register, ds, es, fs, gs
    refused general_protection, segment\type, mov \register, ax
    .endr
    .endr
    .irp type, 0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 14, 15
    mov eax, segment\type
    .irp register, ds, es, fs, gs
    mov \register, ax
    .endr
    .endr
    mov eax, kernel_data
    .irp register, ds, es, fs, gs
    mov \register, ax
    .endr
    hlt
