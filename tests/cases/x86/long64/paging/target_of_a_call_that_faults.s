# A call whose push faults has not used the page that it leads to: the accessed bit of that stays clear (Intel SDM Vol. 3,
# 4.8), also when the code there has run before.

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1000
expect_memory window_pte+8, 1, everyone

    watch_page_faults
    mov byte ptr [window_page + 0x1000], 0xc3
    .rept 6                                     # Often enough to be translated.
    call rbx
    .endr
    mov byte ptr [window_pte + 16], 0
    mov byte ptr [window_pte + 8], everyone
    flush_translations
    .rept 6
    refused by_write, window+0x2ff8, "lea rsp, [rbx + 0x2000]; call rbx"
    .endr
    finish
