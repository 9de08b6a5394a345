# Tasks nest: A calls B, B calls C, and two IRETs come back, each along the link of its own TSS (Intel SDM Vol. 3,
# 7.4).

.include "x86/prot32/tasks/task.inc"

task second, in_second
task third, in_third
expect cr0, 0x10033+TS
expect rax, task_state
expect_memory second_tss+tss_link, 2, task_state
expect_memory third_tss+tss_link, 2, second
expect_memory 0x20000, 4, (third<<16)+second
expect_memory gdt+second+5, 1, 0x89
expect_memory gdt+third+5, 1, 0x89
expect_memory gdt+task_state+5, 1, 0x8b

    lcall second:0
    str eax
    hlt
in_second:
    lcall third:0
    str [0x20000]
    iretd
in_third:
    str [0x20002]
    iretd
