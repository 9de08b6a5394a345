# The inner stack that the TSS names: a null SS is #TS(0), one that is no writable data of the new level, by type, DPL
# or RPL, is #TS with the stack's selector, and one that is not present #SS with it (Intel SDM Vol. 2A, CALL). To
# level 1, so that faults still find the stack of level 0.

.include "x86/prot32/faults.inc"

descriptor code1, 0xbb
descriptor data1, 0xb3
descriptor absent, 0x33
descriptor read_only, 0xb1
call_gate inner, code1+1, start
ends_in_user_code

.macro try_stack vector, error, selector
    mov dword ptr [0x6010], \selector       # SS1
    refused \vector, \error, lcall inner:0
.endm

start:
    mov dword ptr [0x600c], 0x8000          # ESP1
    watch_faults
    enter_user
    .irp selector, 0, 1, 2, 3
    try_stack invalid_tss, 0, \selector
    .endr
    .irp entry, read_only, code1, task_state, kernel_data, 0x1000
    try_stack invalid_tss, \entry, \entry+1
    .endr
    try_stack invalid_tss, data1, data1
    try_stack invalid_tss, data1, data1+2
    try_stack invalid_tss, 0x18, user_data
    try_stack invalid_tss, 4, 4+1
    try_stack stack_fault, absent, absent+1
    hlt
