# The T bit of the new TSS raises #DB with DR6.BT before the first instruction of the task, as a trap of the new task
# (Intel SDM Vol. 3, 17.3.1.5).

.include "x86/prot32/tasks/task.inc"

task other, there, trap=1
faults debug_exception, there
expect dr6, 0xffff8ff0
expect tr, other
expect rsp, 0x1c0000
expect cr0, 0x10033+TS

    ljmp other:0
    ud2
there:
    hlt
