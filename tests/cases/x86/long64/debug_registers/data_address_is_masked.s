# LEN masks the low bits of a breakpoint's address: it always covers a naturally aligned field (Intel SDM Vol. 3, 17.2.5).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov ebx, 0x20006
    mov dr1, rbx
    mov eax, 0x00f00004                 # 4 bytes: from 0x20004.
    mov dr7, rax
    mov cl, [rbx - 3]
    traps debug_exception, 2, mov cl, [rbx - 2]
    traps debug_exception, 2, mov cl, [rbx + 1]
    mov cl, [rbx + 2]
    mov eax, 0x00b00004                 # 8 bytes: from 0x20000.
    mov dr7, rax
    mov cl, [rbx - 7]
    traps debug_exception, 2, mov cl, [rbx - 6]
    mov cl, [rbx + 2]
    mov eax, 0x00700004                 # 2 bytes: from 0x20006.
    mov dr7, rax
    mov cl, [rbx - 1]
    traps debug_exception, 2, mov cl, [rbx]

given rcx, 0
expect rax, 0x00700004
expect rbx, 0x20006
    all_logged
