# What a task switch does to the busy bits, the link and NT (Intel SDM Vol. 3, table 7-2). JMP: the new task busy, the
# old one not, no link, NT as the TSS has it. CALL: both busy, linked, NT set. IRET: back along the link, the old task
# no longer busy, its saved NT clear.

.include "x86/prot32/tasks/task.inc"

task jumped, in_jumped, eflags=CF|2
task called, in_called, eflags=ZF|2
expect rflags, CF
expect tr, jumped
expect cr0, 0x10033+TS
expect rsp, 0x1c0000
expect rax, jumped
expect_memory jumped_tss+tss_link, 2, 0
expect_memory called_tss+tss_link, 2, jumped
expect_memory called_tss+tss_eflags, 4, ZF|PF|2
expect_memory called_tss+tss_eip, 4, behind_iret
expect_memory jumped_tss+tss_eflags, 4, CF|2
expect_memory first_tss+tss_eflags, 4, 2
expect_memory gdt+task_state+5, 1, 0x89
expect_memory gdt+jumped+5, 1, 0x8b
expect_memory gdt+called+5, 1, 0x89
expect_memory 0x20000, 2, 0x8b8b

    push 2
    popfd
    ljmp jumped:0
    ud2
in_jumped:
    lcall called:0
    str eax
    hlt
in_called:
    pushfd
    pop eax
    holds eax, ZF|NT|2
    mov al, [gdt + jumped + 5]              # Both are busy now.
    mov ah, [gdt + called + 5]
    mov [0x20000], ax
    cmp eax, eax
    iretd
behind_iret:
    ud2
