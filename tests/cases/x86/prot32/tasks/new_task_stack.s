# The SS of a new task: null is #TS(0), no writable data, an RPL or DPL that is not the new CPL, and a selector beyond
# its table are #TS with it, not present is #SS with it, in the new task (Intel SDM Vol. 3, table 7-1).

.include "x86/prot32/tasks/broken_task.inc"

descriptor absent, 0x73
descriptor read_only, 0xf1
descriptor data2, 0xd3

    watch_new_task
    .irp selector, 0, 3
    refused_in_task invalid_tss, 0, tss_ss, \selector
    .endr
    .irp selector, read_only, data2, kernel_data, user_code_entry, task_state, 0x1000, 4
    refused_in_task invalid_tss, \selector, tss_ss, \selector+3
    .endr
    refused_in_task invalid_tss, 0x18, tss_ss, 0x18
    refused_in_task stack_fault, absent, tss_ss, absent+3
    hlt
