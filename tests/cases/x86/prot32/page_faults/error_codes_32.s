# In 32-bit paging the error code tells P, W and U of every fault, and the access that made it: reads, writes,
# read-modify-writes and fetches, of both privileges (Intel SDM Vol. 3, 4.7).

.include "x86/prot32/paging/paging.inc"
given rbx, window

    watch_page_faults 32bit
    mov byte ptr [window_pte], present
    mov byte ptr [window_pte + 4], 0
    flush_translations
    user_refused for_protection|by_user, window, "cmp [ebx], al"
    user_refused for_protection|by_user|by_write, window, "inc dword ptr [ebx]"
    user_refused for_protection|by_user|by_write, window, "lock cmpxchg8b [ebx]"
    user_refused for_protection|by_user, window, "jmp ebx"
    refused for_protection|by_write, window, "inc dword ptr [ebx]"
    refused 0, window+0xffd+3, "mov eax, [ebx + 0xffd]"
    refused for_protection|by_write, window+0xffd, "add [ebx + 0xffd], eax"
    user_refused by_user|by_write, window+0x1ffe, "mov [ebx + 0x1ffe], ax"
    user_refused by_user|by_write, window+0x1fff, "mov [ebx + 0x1fff], eax"
    finish
