# PAE's translations are dropped by INVLPG and MOV to CR3 as others are: entries of every level, XD, and a directory
# taken away (Intel SDM Vol. 3, 4.10.4).

.include "x86/prot32/paging/paging.inc"
given rbx, window

    watch_page_faults pae
    change_efer no_execute_enable
    mov byte ptr [window_page], 0xcc
    user_allowed "jmp ebx"
    mov byte ptr [window_pte + 7], 0x80
    invlpg [ebx]
    user_refused for_protection|by_user|by_fetch, window, "jmp ebx"
    user_allowed "mov [ebx + 4], ecx"
    mov byte ptr [window_pde], present|user
    flush_translations
    user_refused for_protection|by_user|by_write, window, "mov [ebx], ecx"
    mov dword ptr [0x24000], low_table + present + writable
    mov dword ptr [0x24020], low_table + everyone
    mov dword ptr [page_directory32], 0x24000 + present
    flush_translations
    user_refused by_user, window, "mov ecx, [ebx]"
    change_efer 0, no_execute_enable
    finish
