# Long mode has neither task switches nor 16-bit call gates: far JMP and CALL to a TSS, a task gate, an LDT or any
# other system descriptor but a call gate of type C are #GP with the selector, as is data; null is #GP(0) (Intel SDM
# Vol. 3, 7.7 and 5.8.3.1).

.include "x86/long64/faults.inc"

.irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15
system_descriptor system\type, 0x80+\type
.endr
descriptor data, 0x93
descriptor absent, 0x1b, 0xfffff, 0, 0xa
.set beyond, absent + 8

    watch_faults
    mov dword ptr [0x20000], 0x10000
    .irp instruction, jmp, call
    .irp type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15
    mov dword ptr [0x20004], system\type
    refused general_protection, system\type, \instruction fword ptr [0x20000]
    .endr
    .irp selector, data, beyond, task_state, 4
    mov dword ptr [0x20004], \selector
    refused general_protection, \selector, \instruction fword ptr [0x20000]
    .endr
    .irp selector, 0, 3
    mov dword ptr [0x20004], \selector
    refused general_protection, 0, \instruction fword ptr [0x20000]
    .endr
    mov dword ptr [0x20004], absent
    refused segment_not_present, absent, \instruction fword ptr [0x20000]
    .endr
    hlt
