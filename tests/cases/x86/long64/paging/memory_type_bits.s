# PWT, PCD and PAT say how to cache: they are no address bits, and at bit 7 of a page's entry, and at bit 12 of a large
# page's, PAT is not reserved (Intel SDM Vol. 3, 4.9.2).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x10010
given r8, 0x1234
expect rcx, 0x1234
expect rsi, 0x1234
expect rdi, 0x1234

    watch_page_faults
    mov [0x10010 + 0x80000], r8
    mov dword ptr [window_pte + 0x10 * 8], 0x90000+everyone|write_through|cache_disable|large_page
    mov byte ptr [window_pml4e], everyone|write_through|cache_disable
    mov byte ptr [window_pdpte], everyone|write_through|cache_disable
    mov byte ptr [window_pde], everyone|write_through|cache_disable
    flush_translations
    allowed "mov rcx, [rbx]"
    mov dword ptr [window_pde], everyone|large_page|write_through|cache_disable|1<<12
    flush_translations
    allowed "mov rsi, [rbx + 0x80000]"
    mov dword ptr [window_pdpte], everyone|large_page|write_through|cache_disable|1<<12
    flush_translations
    allowed "mov rdi, [rbx + 0x80000]"
    finish
