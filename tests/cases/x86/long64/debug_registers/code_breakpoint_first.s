# A breakpoint on execution comes before whatever is wrong with the instruction: it is undefined, too long, or not even in
# memory. When RF lets it pass, that follows (Intel SDM Vol. 3, table 6-2).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    .irp vector, invalid_opcode, general_protection, page_fault
    catch \vector, next
    .endr
    mov eax, 2
    mov dr7, rax
    mov ebx, offset addresses
next:
    mov rsp, rsi
    mov rax, [rbx]
    lea rbx, [rbx + 8]
    mov dr0, rax
    jmp rax
undefined_opcode:
    ud2
too_long:
    .rept 15
    .byte 0x66
    .endr
last:
    logged debug_exception, 1, undefined_opcode
    logged debug_exception, 1, too_long
    logged debug_exception, 1, unmapped
    logged debug_exception, 1, last

given rsi, 0x1f0000
expect rax, last
expect rbx, addresses+32
expect cr2, unmapped
    all_logged
    .balign 8
addresses:
    .quad undefined_opcode, too_long, unmapped, last
