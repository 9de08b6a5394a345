# A data breakpoint covers 1, 2, 4 or 8 bytes as LEN says, and any access that shares a byte with it traps, aligned or not
# (Intel SDM Vol. 3, 17.2.5).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov ebx, 0x20008
    mov dr3, rbx
    .macro covers length, encoding
    mov eax, 0x30000080 | \encoding << 30      # Global, on reads and writes.
    mov dr7, rax
    mov cl, [rbx - 1]
    mov rcx, [rbx - 8]
    traps debug_exception, 8, mov rcx, [rbx - 7]
    traps debug_exception, 8, mov cl, [rbx]
    traps debug_exception, 8, mov [rbx + \length - 1], cx
    mov [rbx + \length], cl
    mov [rbx + \length], rcx
    .endm
    covers 1, 0
    covers 2, 1
    covers 4, 3
    covers 8, 2

expect rax, 0xb0000080
expect rbx, 0x20008
    all_logged
