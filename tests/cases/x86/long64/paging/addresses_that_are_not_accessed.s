# LEA, the long NOP, prefetches and INVLPG form an address without accessing it: a page that is not there does not
# matter (Intel SDM Vol. 2). A CMOV reads its operand also when the condition is false.

.include "x86/long64/paging/paging.inc"
given rbx, window
expect rcx, window+8

    watch_page_faults
    mov byte ptr [window_pte], 0
    flush_translations
    user_allowed "lea rcx, [rbx + 8]"
    user_allowed "nop dword ptr [rbx]"
    user_allowed "prefetcht0 [rbx]"
    user_allowed "prefetchw [rbx]"
    allowed "invlpg [rbx]"
    user_refused by_user, window, "cmove rdx, [rbx]"
    user_refused by_user, window, "clflush [rbx]"
    finish
