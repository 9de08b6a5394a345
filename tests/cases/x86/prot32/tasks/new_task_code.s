# The CS of a new task: null is #TS(0), no code, a DPL other than RPL, and a selector beyond its table are #TS with
# it, not present is #NP with it, EIP beyond its limit #GP(0), all in the new task (Intel SDM Vol. 3, table 7-1).

.include "x86/prot32/tasks/broken_task.inc"

descriptor absent, 0x7b
descriptor outer2, 0xdb
descriptor narrow, 0xfb, 0xfff, 0, 4

    watch_new_task
    refused_in_task invalid_tss, 0, tss_cs, 3
    .irp selector, outer2, kernel_code32, kernel_data, 0x18, task_state, 0x1000, 4
    refused_in_task invalid_tss, \selector, tss_cs, \selector+3
    .endr
    refused_in_task segment_not_present, absent, tss_cs, absent+3
    refused_in_task general_protection, 0, tss_cs, narrow+3
    hlt
