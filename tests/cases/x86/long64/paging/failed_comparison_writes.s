# CMPXCHG, CMPXCHG8B and CMPXCHG16B write their operand whether or not it compares equal: the page becomes dirty, and
# may not be read-only (Intel SDM Vol. 2, CMPXCHG and CMPXCHG8B).

.include "x86/long64/paging/paging.inc"
given rbx, 1
given rbp, window
given rax, 5
given rdx, 6
expect rax, 0
expect rdx, 0
expect_memory 0x30000, 4, 0x67676767

    watch_page_faults
    mov edi, 0
    .irp instruction, "cmpxchg [rbp], rbx", "lock cmpxchg [rbp], rbx", "cmpxchg8b [rbp]", "lock cmpxchg16b [rbp]"
    mov byte ptr [window_pte], present|user
    flush_translations
    refused for_protection|by_write, window, "\instruction"
    mov byte ptr [window_pte], everyone
    flush_translations
    mov eax, 5
    allowed "\instruction"
    mov al, [window_pte]
    mov [rdi + 0x30000], al
    mov eax, 0
    lea edi, [edi + 1]
    .endr
    mov edi, 0
    mov edx, 0
    finish
undefined CF|OF|SF|ZF|AF|PF
