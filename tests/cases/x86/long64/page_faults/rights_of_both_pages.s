# Each page of an operand across two has to permit the access; a program may not reach into the supervisor's from its
# own, and the error code is that of the page which does not permit it (Intel SDM Vol. 3, 4.6).

.include "x86/long64/paging/paging.inc"
given rbx, window+0xffc
expect_memory window_page+0xffc, 4, 0

    watch_page_faults
    mov byte ptr [window_pte + 8], present|writable
    mov byte ptr [window_pte + 16], 0
    flush_translations
    user_refused for_protection|by_user, window+0x1000, "mov rcx, [rbx]"
    user_refused for_protection|by_user|by_write, window+0x1000, "mov [rbx], rbx"
    user_refused for_protection|by_user, window+0x1ffc, "mov rcx, [rbx + 0x1000]"
    refused 0, window+0x2000, "mov rcx, [rbx + 0x1000]"
    allowed "mov rcx, [rbx]"
    finish
