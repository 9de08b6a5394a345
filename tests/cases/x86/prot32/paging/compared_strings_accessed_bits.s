# CMPS reads its destination first: when that faults, the page of the source has not been accessed (on silicon of AMD's; the
# order is not architectural).

.include "x86/prot32/paging/paging.inc"
given rsi, window+0x1000
given rdi, window+0x3000
expect_memory window_pte+4, 4, window_page+0x1000+everyone

    watch_page_faults 32bit
    mov dword ptr [window_pte + 12], 0
    flush_translations
    refused 0, window+0x3000, "cmpsb"
    finish
