# The TSS that a task gate names: null, a selector into the LDT or beyond the GDT, no TSS and a busy TSS are #GP with
# that selector, one that is not present #NP, a limit too low #TS; by INT n through the IDT, and by CALL and JMP
# (Intel SDM Vol. 2A, CALL and INT). EXT is set when an exception came that way.

.include "x86/prot32/tasks/task.inc"

task busy, start, access=0x8b
task absent, start, access=0x09
task small, start, limit=0x66
.irp target, 0, 4, 0x1000, busy, absent, small, kernel_data, task_state, kernel_code32
task_gate to_\target, \target
.endr

.macro try_target target, vector
    refused \vector, \target, lcall to_\target:0
    refused \vector, \target, ljmp to_\target:0
    interrupt_task_gate 0x40, \target
    refused \vector, \target, int 0x40
    interrupt_task_gate 5, \target
    refused \vector, \target+1, bound eax, [above_zero]
.endm

start:
    watch_faults
    .irp target, 0, 4, 0x1000, busy, kernel_data, task_state, kernel_code32
    try_target \target, general_protection
    .endr
    try_target absent, segment_not_present
    try_target small, invalid_tss
    hlt
above_zero:
    .long 1, 2
