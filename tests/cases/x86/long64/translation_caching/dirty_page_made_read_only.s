# A dirty page that has become read-only is not written through what its reads bring into the TLB: the next write
# faults, for the user and the supervisor (Intel SDM Vol. 3, 4.6 and 4.10.2.2).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect_memory window_page, 8, 0

    watch_page_faults
    mov qword ptr [rbx], 0
    mov byte ptr [window_pte], present|user|accessed|dirty
    mov byte ptr [window_pte + 8], everyone|accessed|dirty
    mov byte ptr [window_pte + 16], present|writable|accessed|dirty
    flush_translations
    allowed "mov rcx, [rbx]"
    refused for_protection|by_write, window, "mov [rbx], rbx"
    user_allowed "mov rcx, [rbx]"
    user_refused for_protection|by_user|by_write, window, "mov [rbx], rbx"
    user_allowed "mov rcx, [rbx + 0x1000]; mov [rbx + 0x1000], rcx"
    allowed "mov rcx, [rbx + 0x2000]; mov [rbx + 0x2000], rcx"
    user_refused for_protection|by_user|by_write, window+0x2000, "mov [rbx + 0x2000], rcx"
    finish
