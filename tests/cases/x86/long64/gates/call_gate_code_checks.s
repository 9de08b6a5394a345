# The code segment of a 64-bit call gate: null is #GP(0); anything but 64-bit code (L set, D clear) of a DPL not above
# CPL is #GP with it, compatibility code included; not present is #NP with it; a target that is not canonical is
# #GP(0) (Intel SDM Vol. 2A, CALL).

.include "x86/long64/faults.inc"

descriptor absent, 0x1b, 0xfffff, 0, 0xa
descriptor both_sizes, 0x9b, 0xfffff, 0, 0xe
descriptor data, 0x93
.set outer_code, 0x20
.irp target, 0, 3, absent, both_sizes, data, outer_code, kernel_code32, kernel_code16, task_state, 0x1000
call_gate64 to_\target, \target, start
.endr
call_gate64 to_nowhere, kernel_code64, start, 0xec, 0x8000
call_gate64 to_nowhere_high, kernel_code64, start, 0xec, 0xffff7fff

start:
    watch_faults
    .irp instruction, jmp, call
    .irp target, 0, 3, nowhere, nowhere_high
    mov dword ptr [0x20004], to_\target
    refused general_protection, 0, \instruction fword ptr [0x20000]
    .endr
    .irp target, both_sizes, data, outer_code, kernel_code32, kernel_code16, task_state, 0x1000
    mov dword ptr [0x20004], to_\target
    refused general_protection, \target, \instruction fword ptr [0x20000]
    .endr
    mov dword ptr [0x20004], to_absent
    refused segment_not_present, absent, \instruction fword ptr [0x20000]
    .endr
    hlt
