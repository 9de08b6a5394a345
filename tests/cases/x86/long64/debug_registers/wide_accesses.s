# Vector loads and stores, save areas and accesses that cross a page hit a breakpoint anywhere within them (Intel SDM Vol. 3,
# 17.2.5).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    lea ecx, [rbx + 15]
    mov dr0, rcx
    mov eax, 0x00030001
    mov dr7, rax
    traps debug_exception, 1, movups xmm0, [rbx]
    traps debug_exception, 1, vmovdqu ymm0, [rbx - 16]
    movups [rbx + 16], xmm0
    movups xmm0, [rbx - 1]
    traps debug_exception, 1, fxsave [rbx - 0x100]
    traps debug_exception, 1, fnstenv [rbx]
    mov ecx, 0x21000
    mov dr0, rcx
    traps debug_exception, 1, mov rax, [rcx - 4]
    mov rax, [rcx - 8]

given rbx, 0x20800
expect rax, 0
expect rcx, 0x21000
    all_logged
