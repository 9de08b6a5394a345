# Paging entries count wherever they were written from, here a second mapping of the page table, once the translation is
# invalidated (Intel SDM Vol. 3, 4.10.4.2).

.include "x86/long64/paging/paging.inc"
given rbx, window
given rdx, window+0x3000
given r8, 0x1111
expect rcx, 0x1111

    watch_page_faults
    mov [window_page + 0x1000], r8
    mov dword ptr [window_pte + 24], window_pte + everyone
    user_allowed "mov rcx, [rbx]"
    user_allowed "mov dword ptr [rdx], window_page + 0x1000 + everyone"
    flush_translations
    user_allowed "mov rcx, [rbx]"
    user_allowed "mov dword ptr [rdx], 0"
    invlpg [rbx]
    user_refused by_user|by_write, window, "mov [rbx], rcx"
    finish
