# JMP and CALL save NT as it is, and JMP loads it as the new TSS has it: only IRET clears the saved NT, only CALL and
# interrupts set the loaded one (Intel SDM Vol. 3, table 7-2).

.include "x86/prot32/tasks/task.inc"

task by_jump, in_by_jump, eflags=NT|2
task by_call, in_by_call
given rflags, NT|2
expect rflags, NT
expect tr, by_call
expect cr0, 0x10033+TS
expect rsp, 0x1c0000
expect_memory first_tss+tss_eflags, 4, NT|2
expect_memory by_jump_tss+tss_eflags, 4, NT|2

    ljmp by_jump:0
in_by_jump:
    lcall by_call:0
in_by_call:
    hlt
