# The trap of an instruction comes before the breakpoint on the next one, which then is an exception of its own (Intel SDM Vol.
# 3, table 6-2).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov ebx, 0x20000
    mov dr0, rbx
    mov eax, offset next
    mov dr1, rax
    mov eax, 0x00030009
    mov dr7, rax
    mov qword ptr [event_log_resume], offset next       # Without RF.
    mov ecx, [rbx]
next:
    nop
    logged debug_exception, 1, next, PF|2
    logged debug_exception, 2, next, PF|2

given rflags, PF|2
expect rax, 0x00030009
expect rbx, 0x20000
    all_logged
