# CPUID tells MAXPHYADDR: the highest address bit below it may be set in an entry, and the one at it may not (Intel SDM
# Vol. 3, 4.1.4).

.include "x86/long64/paging/paging.inc"
given rbx, window
undefined CF|OF|SF|ZF|AF|PF

    watch_page_faults
    push rbx
    mov eax, 0x80000008
    cpuid
    pop rbx
    movzx ecx, al
    mov edx, 1
    shl rdx, cl
    mov rsi, [window_pte]
    lea rdi, [rsi + rdx]
    mov [window_pte], rdi
    flush_translations
    refused for_protection|for_reserved_bit, window, "mov rax, [rbx]"
    shr rdx, 1
    lea rdi, [rsi + rdx]
    mov [window_pte], rdi
    flush_translations
    allowed "mov rax, [rbx]"
    .irp register, rax, rcx, rdx, rsi, rdi
    mov \register, 0
    .endr
    finish
