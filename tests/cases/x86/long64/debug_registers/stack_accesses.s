# Data breakpoints see the stack accesses of PUSH, POP, CALL, RET, ENTER and LEAVE, and trap when RIP and RSP have changed
# (Intel SDM Vol. 3, 17.3.1.2).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov ebx, 0x1e0000
    mov dr0, rbx
    mov eax, 0x000b0001                 # 8 bytes, reads and writes.
    mov dr7, rax
    lea rsp, [rbx + 8]
    traps debug_exception, 1, push rax
    traps debug_exception, 1, pop rcx
    traps debug_exception, 1, pushfq
    traps debug_exception, 1, popfq
    traps debug_exception, 1, enter 16, 0
    traps debug_exception, 1, leave
    call called
returned:
    logged debug_exception, 1, called
    logged debug_exception, 1, returned

expect rax, 0x000b0001
expect rbx, 0x1e0000
expect rcx, 0x000b0001
expect rsp, 0x1e0008
    all_logged
called:
    ret
