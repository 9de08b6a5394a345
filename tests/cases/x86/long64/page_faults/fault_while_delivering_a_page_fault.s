# A page fault in delivering #PF makes #DF with error code 0, and CR2 is that of the second (Intel SDM Vol. 3, table
# 6-5).

.include "x86/long64/paging/paging.inc"
given rbx, window
faults 8, fault
expect cr2, window+0x1ff8
expect rsp, window+0x2000

    watch_page_faults
    mov byte ptr [window_pte], 0
    mov byte ptr [window_pte + 8], present
    flush_translations
    mov byte ptr [interrupt_table + page_fault * 16 + 4], 0
    mov byte ptr [interrupt_table + 8 * 16 + 4], 1
    lea rsp, [rbx + 0x2000]
fault:
    mov rax, [rbx]
    hlt
