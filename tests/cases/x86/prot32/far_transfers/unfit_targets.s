# Far JMP and CALL to what is no code: null is #GP(0), data, the system types that lead nowhere, and selectors beyond
# the GDT or without an LDT are #GP with the selector (Intel SDM Vol. 2A, CALL and JMP).

.include "x86/prot32/faults.inc"

.irp type, 0, 2, 8, 10, 13, 6, 7, 14, 15, 3, 11
descriptor system\type, 0x80+\type
.endr
descriptor data, 0x93
.set beyond, data + 8

    watch_faults
    .irp instruction, ljmp, lcall
    .irp selector, 0, 1, 2, 3
    refused general_protection, 0, \instruction \selector:0x10000
    .endr
    .irp type, 0, 2, 8, 10, 13, 6, 7, 14, 15, 3, 11
    refused general_protection, system\type, \instruction system\type:0x10000
    .endr
    refused general_protection, data, \instruction data:0x10000
    refused general_protection, beyond, \instruction beyond:0x10000
    refused general_protection, 4, \instruction 4:0x10000
    .endr
    hlt
