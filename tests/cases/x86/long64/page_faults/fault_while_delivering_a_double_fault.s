# A page fault in delivering #DF shuts the processor down (Intel SDM Vol. 3, 6.15, interrupt 8).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect shutdown, 1
expect cr2, window+0x1ff8
expect rsp, window+0x2000

    watch_page_faults
    mov byte ptr [window_pte], 0
    mov byte ptr [window_pte + 8], present
    flush_translations
    mov byte ptr [interrupt_table + page_fault * 16 + 4], 0
    lea rsp, [rbx + 0x2000]
    mov rax, [rbx]
    hlt
