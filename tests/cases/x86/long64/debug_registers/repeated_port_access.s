# A repeated INS or OUTS traps after each iteration that hits a port breakpoint (Intel SDM Vol. 3, 17.3.1.3).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov rax, cr4
    or eax, 8
    mov cr4, rax
    mov edx, 0x80
    mov dr1, rdx
    mov eax, 0x00200004
    mov dr7, rax
    mov esi, 0x20000
    mov ecx, 3
output:
    rep outsb
behind:
    logged debug_exception, 2, output, RF|PF|2
    logged debug_exception, 2, output, RF|PF|2
    logged debug_exception, 2, behind, PF|2

expect rax, 0x00200004
expect rdx, 0x80
expect rsi, 0x20003
expect cr4, 0x40628
expect rflags, PF
    all_logged
