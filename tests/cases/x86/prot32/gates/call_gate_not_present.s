# A call gate that is not present: #NP with the gate's selector, after its DPL was checked and before its code segment
# is looked at (Intel SDM Vol. 2A, CALL).

.include "x86/prot32/faults.inc"

call_gate absent, 0, start, 0x6c
call_gate absent_kernel, 0, start, 0x0c
ends_in_user_code

start:
    watch_faults
    enter_user
    .irp instruction, ljmp, lcall
    refused segment_not_present, absent, \instruction absent:0
    refused general_protection, absent_kernel, \instruction absent_kernel:0
    .endr
    hlt
