# The type bits in the upper half of a 64-bit call gate must be 0, and both halves must lie within the table: #GP with
# the gate's selector otherwise (Intel SDM Vol. 3, 5.8.3.1; Vol. 2A, CALL).

.include "x86/long64/faults.inc"

.irp type, 0x01, 0x09, 0x0c, 0x10, 0x1f
call_gate64 typed\type, kernel_code64, start, 0xec, \type<<40
.endr
call_gate64 last, kernel_code64, start
expect gdtr_limit, last+14

start:
    watch_faults
    sgdt [0x20010]
    dec word ptr [0x20010]
    lgdt [0x20010]
    .irp instruction, jmp, call
    .irp type, 0x01, 0x09, 0x0c, 0x10, 0x1f
    mov dword ptr [0x20004], typed\type
    refused general_protection, typed\type, \instruction fword ptr [0x20000]
    .endr
    mov dword ptr [0x20004], last
    refused general_protection, last, \instruction fword ptr [0x20000]
    .endr
    hlt
