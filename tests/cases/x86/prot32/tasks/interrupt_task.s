# INT n through a task gate switches to its task with NT and link set and pushes nothing; IRET there returns behind
# the INT (Intel SDM Vol. 3, 6.12.2). The gate's DPL is checked, that of the TSS is not.

.include "x86/prot32/tasks/task.inc"

task handler, in_handler
ends_in_user_code
expect cr0, 0x10033+TS
expect rax, 0x11
expect_memory handler_tss+tss_link, 2, task_state
expect_memory 0x20004, 4, NT|2
expect_memory 0x20008, 4, 0x1c0000
expect_memory 0x2000c, 4, back

    watch_faults
    interrupt_task_gate 0x40, handler, 0xe5
    interrupt_task_gate 0x41, handler
    enter_user
    mov eax, 0x11
    refused general_protection, 0x41*8+2, int 0x41
    int 0x40
back:
    hlt
in_handler:
    mov [0x20008], esp
    pushfd
    pop dword ptr [0x20004]
    mov eax, [first_tss + tss_eip]
    mov [0x2000c], eax
    iretd
