# CALL and JMP through a task gate: its DPL must not be below CPL and RPL, and the DPL of the TSS is not looked at;
# the offset of the instruction means nothing (Intel SDM Vol. 3, 7.2.5 and 7.3).

.include "x86/prot32/tasks/task.inc"

task other, there
task_gate user_gate, other, 0xe5
task_gate kernel_gate, other, 0x85
task_gate absent_gate, 0, 0x65
.set user_gate3, user_gate + 3
ends_in_user_code
expect cr0, 0x10033+TS
expect_memory other_tss+tss_link, 2, task_state
expect_memory 0x20000, 4, back

    watch_faults
    .set kernel_gate1, kernel_gate + 1
    refused general_protection, kernel_gate, lcall kernel_gate1:0
    enter_user
    .irp instruction, ljmp, lcall
    refused general_protection, kernel_gate, \instruction kernel_gate:0
    refused general_protection, other, \instruction other:0
    refused segment_not_present, absent_gate, \instruction absent_gate:0
    .endr
    lcall user_gate3:0x12345678
back:
    hlt
there:
    mov eax, [first_tss + tss_eip]
    mov [0x20000], eax
    iretd
