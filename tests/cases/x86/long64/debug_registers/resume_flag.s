# RF in the image that IRET loads lets one instruction pass its breakpoint; the next time it stops again, as each instruction
# clears RF (Intel SDM Vol. 3, 17.3.1.1).

.include "x86/long64/event_log.inc"

    log_events debug_exception
    mov eax, offset looped
    mov dr1, rax
    mov eax, offset behind
    mov dr2, rax
    mov eax, 0x28
    mov dr7, rax
    mov ecx, 3
looped:
    dec ecx
behind:
    jnz looped
    .irp pass, 1, 2, 3
    logged debug_exception, 2, looped
    logged debug_exception, 4, behind
    .endr

expect rax, 0x28
expect rflags, ZF|PF
    all_logged
