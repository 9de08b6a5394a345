# In 32-bit entries bits 11:9, G and PAT of a page, PWT, PCD, and bits 6 and 8 of an entry that refers to a table
# reserve and select nothing (Intel SDM Vol. 3, tables 4-5 and 4-6).

.include "x86/prot32/paging/paging.inc"
given rbx, window
expect rcx, 0x5a5a

    watch_page_faults 32bit
    mov word ptr [window_page], 0x5a5a
    or dword ptr [window_pde], 0xf58
    or dword ptr [window_pte], 0xf98
    flush_translations
    user_allowed "mov cx, [ebx]"
    user_allowed "mov [ebx], cx"
    mov eax, page_directory32 + 0x18
    mov cr3, eax
    mov eax, 0
    user_allowed "mov cx, [ebx]"
    finish
undefined CF|OF|SF|ZF|AF|PF
