# An instruction that goes on in a page from which nothing may be fetched faults at its first byte, with the start of
# the second page in CR2 (Intel SDM Vol. 3, 4.7 and 6.15, interrupt 14).

.include "x86/long64/paging/paging.inc"
given rbx, window+0xffd
expect rax, 0x12345678

    watch_page_faults
    mov dword ptr [window_page + 0xffc], 0xc0c74890     # NOP, and MOV RAX, 0x12345678 in both pages.
    mov dword ptr [window_page + 0x1000], 0x12345678
    mov byte ptr [window_page + 0x1004], 0xcc
    mov byte ptr [window_pte + 15], 0x80        # XD
    flush_translations
    refused for_protection|by_fetch, window+0x1000, "jmp rbx"
    restarts window+0xffd, 0x1f0000
    user_refused for_protection|by_user|by_fetch, window+0x1000, "jmp rbx"
    mov byte ptr [window_pte + 15], 0
    mov byte ptr [window_pte + 8], present|writable
    flush_translations
    user_refused for_protection|by_user|by_fetch, window+0x1000, "jmp rbx"
    mov byte ptr [window_pte + 8], 0
    flush_translations
    refused by_fetch, window+0x1000, "jmp rbx"
    mov byte ptr [window_pte + 8], everyone
    allowed "jmp rbx"
    finish
