# PAE's entries reach beyond 4 GiB: the bits above 32 are not dropped (Intel SDM Vol. 3, 4.4.2). Memory that does not
# exist reads as ones.

.include "x86/prot32/paging/paging.inc"
given rbx, window
expect rcx, 0xffffffff
expect rdx, 0xffffffff
expect_memory window_page, 4, 0x5a5a5a5a

    watch_page_faults pae
    mov dword ptr [window_page], 0x5a5a5a5a
    mov byte ptr [window_pte + 4], 1
    flush_translations
    user_allowed "mov ecx, [ebx]"
    user_allowed "mov dword ptr [ebx], 0"
    mov dword ptr [window_pde + 4], 0x80
    mov dword ptr [window_pde], everyone|large_page
    flush_translations
    user_allowed "mov edx, [ebx + window_page]"
    finish
