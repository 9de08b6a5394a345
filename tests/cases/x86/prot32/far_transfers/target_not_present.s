# Code that is not present: #NP with the selector, after the checks of privilege (Intel SDM Vol. 2A, CALL).

.include "x86/prot32/faults.inc"

descriptor absent, 0x1b
descriptor absent_user, 0x7b

    watch_faults
    .irp instruction, ljmp, lcall
    refused segment_not_present, absent, \instruction absent:0x10000
    refused general_protection, absent_user, \instruction absent_user:0x10000
    .endr
    hlt
