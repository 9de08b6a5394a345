# SYSCALL traps by the TF that it leaves: not when FMASK takes it away, or else at its target. The manuals do not say so, but
# systems rely on it: Linux's FMASK has TF.

.include "x86/long64/event_log.inc"

    log_events debug_exception
    step
    syscall
masked:
    pushfq
    pop rbx
    xor eax, eax
    xor edx, edx
    mov ecx, 0xc0000084
    wrmsr
    mov ecx, 0xc0000082
    mov eax, offset unmasked
    wrmsr
    step
    syscall
unmasked:
    logged debug_exception, BS, unmasked, TF|ZF|PF|2
    traps debug_exception, BS, nop
    stop

given lstar, masked
given fmask, TF
given star, kernel_code64<<32
given rflags, ZF|PF|2
expect rax, unmasked
expect rbx, ZF|PF|2
expect rcx, unmasked
expect r11, TF|ZF|PF|2
expect rflags, ZF|PF
expect lstar, unmasked
expect fmask, 0
    all_logged
