# An exception with an error code through a task gate pushes the code on the new task's stack; the old TSS has the
# address of the faulting instruction, and RF set in its EFLAGS (Intel SDM Vol. 3, 6.12.2 and 17.3.1.1).

.include "x86/prot32/tasks/task.inc"

.set RF, 0x10000
task handler, in_handler
faults breakpoint, after
ends_in_user_code
expect cr0, 0x10033+TS
expect rbx, 0xfff3
expect_memory 0x1c0000-4, 4, 0xfff0
expect_memory 0x20000, 4, fault
expect_memory 0x20004, 4, RF|CF|2
expect_memory 0x20008, 4, 0x1c0000-4
expect_memory handler_tss+tss_esp, 4, 0x1c0000

    interrupt_task_gate 13, handler
    enter_user
    mov ebx, 0xfff3
    push CF|2
    popfd
fault:
    mov fs, bx
    int3
after:
in_handler:
    mov [0x20008], esp
    mov eax, [first_tss + tss_eip]
    mov [0x20000], eax
    mov eax, [first_tss + tss_eflags]
    mov [0x20004], eax
    add dword ptr [first_tss + tss_eip], 2
    add esp, 4
    iretd
