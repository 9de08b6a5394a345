# A breakpoint on the instruction behind MOV to SS is not seen; behind LSS it is (Intel SDM Vol. 3, 6.8.3).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov eax, offset behind_move
    mov dr0, rax
    mov eax, offset behind_lss
    mov dr1, rax
    mov eax, 0x0a
    mov dr7, rax
    mov ecx, kernel_data
    mov ss, ecx
behind_move:
    lss esp, [rip + pointer]
behind_lss:
    logged debug_exception, 2, behind_lss

expect rax, 0x0a
expect rcx, kernel_data
    all_logged
pointer:
    .long 0x1f0000
    .word kernel_data
