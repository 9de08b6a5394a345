# The code segment that a call gate names: null is #GP(0); no code, a DPL above CPL, or a selector beyond the table is
# #GP with the code selector; not present is #NP with it; an offset beyond its limit is #GP(0) (Intel SDM Vol. 2A,
# CALL).

.include "x86/prot32/faults.inc"

descriptor absent, 0x1b
descriptor data, 0x93
descriptor narrow, 0x9b, 0xff, 0, 4
descriptor conforming3, 0xff
.irp target, 0, 3, absent, data, narrow, conforming3, task_state, user_code_entry, 0x1000
call_gate to_\target, \target, start
.endr

start:
    watch_faults
    .irp instruction, ljmp, lcall
    refused general_protection, 0, \instruction to_0:0
    refused general_protection, 0, \instruction to_3:0
    .irp target, data, conforming3, task_state, user_code_entry, 0x1000
    refused general_protection, \target, \instruction to_\target:0
    .endr
    refused segment_not_present, absent, \instruction to_absent:0
    refused general_protection, 0, \instruction to_narrow:0
    .endr
    hlt
