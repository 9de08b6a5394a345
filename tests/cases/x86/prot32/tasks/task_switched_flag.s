# CR0.TS, which a task switch sets, makes the new task's first x87 instruction #NM (Intel SDM Vol. 3, 2.5 and 7.3).

.include "x86/prot32/tasks/task.inc"

task other, there
faults device_not_available, there
expect tr, other
expect rsp, 0x1c0000
expect cr0, 0x10033+TS

    fnop
    ljmp other:0
there:
    fld1
    hlt
