# The LDT of a new task: a selector into the LDT or beyond the GDT, no LDT descriptor, and one that is not present are
# all #TS with it, in the new task; null is right (Intel SDM Vol. 3, table 7-1).

.include "x86/prot32/tasks/broken_task.inc"

descriptor absent_ldt, 0x02, 7, 0, 0

    watch_new_task
    .irp selector, 4, 0xc, 0x1000, kernel_data, task_state, absent_ldt
    refused_in_task invalid_tss, \selector, tss_ldt, \selector
    .endr
    hlt
