# #GP whose handler is a task with a bad CS: #TS comes over the delivery of #GP, which makes a double fault, taken in
# the new task (Intel SDM Vol. 3, 6.15, interrupt 8, and 7.3). Bochs agrees.

.include "x86/prot32/tasks/task.inc"

task broken, start, cs=kernel_data+3
expect tr, broken
expect cr0, 0x10033+TS
expect rax, 0x12345678
expect rsp, 0x1b0000-24
expect ss, kernel_data
expect_memory 0x1b0000-24, 4, 0

start:
    interrupt_task_gate 13, broken
    gate 8, in_double_fault
    ljmp 0xfff0:0
in_double_fault:
    mov eax, 0x12345678
    hlt
