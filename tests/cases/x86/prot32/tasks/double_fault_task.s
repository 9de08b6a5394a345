# A double fault through a task gate finds a sound stack though the old one is lost: the error code 0 is pushed there,
# and the old TSS keeps the bad ESP (Intel SDM Vol. 3, 6.15, interrupt 8).

.include "x86/prot32/tasks/task.inc"

descriptor small, 0x93, 3, 0, 4
task rescue, in_rescue
expect rflags, NT
expect tr, rescue
expect cr0, 0x10033+TS
expect rsp, 0x1c0000-4
expect_memory 0x1c0000-4, 4, 0
expect_memory first_tss+tss_esp, 4, 0x1234
expect_memory first_tss+tss_ss, 2, small
expect_memory first_tss+tss_eip, 4, fault

    interrupt_task_gate 8, rescue
    mov eax, small
    mov ss, ax
    mov esp, 0x1234
fault:
    push eax                                # #SS, whose frame finds no room either.
in_rescue:
    hlt
