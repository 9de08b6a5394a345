# CMPXCHG16B on a page that is not there or not to be written faults as a write, compares nothing and changes no
# register or flag (Intel SDM Vol. 2, CMPXCHG8B).

.include "x86/long64/paging/paging.inc"
given rbp, window
given rax, 1
given rdx, 2
given rbx, 3
given rcx, 4
given rflags, ZF|2
expect_memory window_page, 16, 1, 2

    watch_page_faults
    mov [window_page], rax
    mov [window_page + 8], rdx
    mov byte ptr [window_pte], present|user
    flush_translations
    refused for_protection|by_write, window, "cmpxchg16b [rbp]"
    refused for_protection|by_write, window, "lock cmpxchg16b [rbp]"
    mov byte ptr [window_pte], 0
    flush_translations
    refused by_write, window, "lock cmpxchg16b [rbp]"
    mov byte ptr [window_pte], present|writable
    flush_translations
    user_refused for_protection|by_user|by_write, window, "lock cmpxchg16b [rbp]"
    finish
