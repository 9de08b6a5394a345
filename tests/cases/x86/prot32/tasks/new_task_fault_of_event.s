# A fault over the state of a task that an event has switched to is raised in the new task; EXT is set when the event
# was an exception or INT1, and clear for INT n (Intel SDM Vol. 3, 6.13 and 6.15, interrupt 10). Bochs agrees.

.include "x86/prot32/tasks/broken_task.inc"

descriptor absent, 0x73

.macro events vector, selector, field
    refused_in_task \vector, \selector, \field, \selector+3, int 0x40
    refused_in_task \vector, \selector+1, \field, \selector+3, .byte 0xf1
.endm

    watch_new_task
    interrupt_task_gate 0x40, broken
    interrupt_task_gate 1, broken
    events invalid_tss, 0, tss_cs
    events stack_fault, absent, tss_ss
    events segment_not_present, absent, tss_ds
    hlt
