# SS takes writable data segments alone, expand-down ones included: code, read-only data and system descriptors are
# #GP with the selector (Intel SDM Vol. 2B, MOV).

.include "x86/prot32/faults.inc"

.irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
descriptor system\type, 0x80+\type
descriptor segment\type, 0x90+\type
.endr
descriptor whole_downward, 0x97, 0
expect rax, kernel_data

    watch_faults
    .irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    mov eax, system\type
    refused general_protection, system\type, mov ss, ax
    .endr
    .irp type, 0, 1, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15
    mov eax, segment\type
    refused general_protection, segment\type, mov ss, ax
    .endr
    .irp type, segment2, segment3, segment6, segment7, whole_downward, kernel_data
    mov eax, \type
    mov ss, ax
    .endr
    hlt
