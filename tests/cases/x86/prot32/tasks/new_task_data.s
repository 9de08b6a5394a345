# DS, ES, FS and GS of a new task: unreadable code, system descriptors, DPL below CPL or RPL, and selectors beyond the
# table are #TS with the selector, not present is #NP with it, in the new task (Intel SDM Vol. 3, table 7-1).

.include "x86/prot32/tasks/broken_task.inc"

descriptor absent, 0x73
descriptor unreadable, 0xf9
descriptor data2, 0xd3

    watch_new_task
    .irp field, tss_ds, tss_es, tss_fs, tss_gs
    .irp selector, unreadable, data2, kernel_data, task_state, 0x1000, 4
    refused_in_task invalid_tss, \selector, \field, \selector
    .endr
    refused_in_task segment_not_present, absent, \field, absent
    .endr
    hlt
