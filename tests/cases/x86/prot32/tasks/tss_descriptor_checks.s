# The TSS of a JMP or CALL: a busy one, the present task's included, and one that is named through the LDT are #GP
# with the selector, one that is not present #NP, and one with a limit below 67H, or 2BH for 16 bits, #TS; DPL below
# CPL or RPL is #GP (Intel SDM Vol. 3, 7.3 and table 7-1).

.include "x86/prot32/tasks/task.inc"

task busy, start, access=0x8b
task busy16, start, access=0x83
task absent, start, access=0x09
task absent_busy, start, access=0x0b
task small, start, limit=0x66
task small16, start, access=0x81, limit=0x2a
task for_kernel, start
descriptor ldt_entry, 0x82, 7, image+local_table-image_start, 0
expect ldtr, ldt_entry
expect rax, ldt_entry
expect_memory gdt+small+5, 1, 0x89

start:
    watch_faults
    mov eax, ldt_entry
    lldt ax
    .irp instruction, ljmp, lcall
    .irp selector, busy, busy16, absent_busy, task_state
    refused general_protection, \selector, \instruction \selector:0
    .endr
    refused segment_not_present, absent, \instruction absent:0
    refused invalid_tss, small, \instruction small:0
    refused invalid_tss, small16, \instruction small16:0
    refused general_protection, 4, \instruction 4:0
    .set selector, for_kernel + 1
    refused general_protection, for_kernel, \instruction selector:0
    .endr
    hlt

.pushsection .text, 3
local_table:
    raw_descriptor 0x89, 0x67, image+small_tss-image_start, 0
.popsection
