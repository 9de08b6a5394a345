# IRETQ with NT set raises #GP(0) in long mode, which has no tasks to return to; the stack is not looked at (Intel SDM Vol. 2A,
# IRET). A handler of that fault begins with NT clear.

.include "x86/long64/event_log.inc"

    log_events general_protection
    push NT|2
    popfq
    mov ecx, esp
    mov rsp, 0x8000000000000000
    mov byte ptr [interrupt_table + general_protection * 16 + 4], 1
    mov qword ptr [0x6000 + 0x24], 0x1e0000
    .irp size, iretw, iretd, iretq
    raises general_protection, 0, \size
    expect_memory event_log+32*(events_logged-1)+24, 8, RF|NT|2
    .endr
    mov esp, ecx

expect rcx, 0x1f0000
expect rflags, NT
    all_logged
