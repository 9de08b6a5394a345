# An interrupt through a task gate switches to the task with its registers from its TSS, links back to the interrupted
# one and sets NT; IRET switches back (Intel SDM Vol. 3, 6.12.2 and 8.4). The interrupted task saves EIP and EFLAGS as
# they were.

.set handler_task, 0x30000
expect rbx, interrupted
expect rcx, task_state
expect rdx, NT
expect cr0, 0x10033 | 8
expect_log 0x41, 1

    mov dword ptr [0x658], 0x00000067 | (handler_task & 0xffff) << 16
    mov dword ptr [0x65c], 0x00008900 | handler_task >> 16
    lgdt [table]
    mov dword ptr [interrupt_table + 0x41 * 8], 0x58 << 16
    mov dword ptr [interrupt_table + 0x41 * 8 + 4], 0x8500
    mov dword ptr [handler_task + 0x20], offset handler
    mov dword ptr [handler_task + 0x24], 2
    mov dword ptr [handler_task + 0x38], 0x1e0000
    mov dword ptr [handler_task + 0x44], interrupt_log
    mov dword ptr [handler_task + 0x4c], kernel_code32
    .irp segment, 0x48, 0x50, 0x54, 0x58, 0x5c
    mov dword ptr [handler_task + \segment], kernel_data
    .endr
    self_ipi 0x41
    pushfd
    or dword ptr [esp], IF
    popfd
interrupted:
    mov edi, interrupt_log + 1
    log 1
    mov ebx, [results]
    mov ecx, [results + 4]
    mov edx, [results + 8]
    push 2
    popfd
    finish
table:
    .word 0x5f
    .long 0x600
handler:
    log 0x41
    mov eax, [0x6020]           # EIP in the TSS of the interrupted task.
    mov [results], eax
    movzx eax, word ptr [handler_task]
    mov [results + 4], eax
    pushfd
    pop eax
    and eax, NT
    mov [results + 8], eax
    end_apic
    iretd
