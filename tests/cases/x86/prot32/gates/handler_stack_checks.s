# The inner stack of a handler: null is #TS(EXT), no writable data of the new level #TS with the stack's selector, not
# present or without room #SS with it; EXT is set for an exception, clear for INT n (Intel SDM Vol. 2A, INT; Vol. 3,
# 6.13). To level 1, so that faults still find the stack of level 0.

.include "x86/prot32/faults.inc"

descriptor code1, 0xbb
descriptor data1, 0xb3
descriptor absent, 0x33
descriptor read_only, 0xb1
descriptor small1, 0xb3, 19, 0x40000, 4
ends_in_user_code

.macro try_stack vector, error, selector, pointer=0x8000
    mov dword ptr [0x600c], \pointer        # ESP1
    mov dword ptr [0x6010], \selector       # SS1
    refused \vector, \error, int 0x40
    refused \vector, \error+1, bound eax, [above_zero]
.endm

    gate 0x40, start, 0xee, code1
    gate 5, start, 0x8e, code1
start:
    watch_faults
    enter_user
    .irp selector, 0, 1, 2, 3
    try_stack invalid_tss, 0, \selector
    .endr
    .irp entry, read_only, code1, task_state, kernel_data, 0x1000
    try_stack invalid_tss, \entry, \entry+1
    .endr
    try_stack invalid_tss, data1, data1
    try_stack invalid_tss, 0x18, user_data
    try_stack stack_fault, absent, absent+1
    .irp room, 0, 16, 19
    try_stack stack_fault, small1, small1+1, \room
    .endr
    hlt
above_zero:
    .long 1, 2
