# Also IRET completes the switch before the state of the task that it returns to is found bad: the fault is one of
# that task, at its next instruction (Intel SDM Vol. 3, 7.3).

.include "x86/prot32/tasks/task.inc"

task called, in_called
faults invalid_tss, back, 0x1000
expect ds, 0x1000
expect cr0, 0x10033+TS
expect_memory gdt+called+5, 1, 0x89

    lcall called:0
back:
    hlt
in_called:
    mov word ptr [first_tss + tss_ds], 0x1000
    iretd
