# With CR4.PSE a directory entry with PS set maps 4 MiB: its rights are all, and it alone becomes accessed and dirty.
# Bit 12 is PAT, and 21 reserved (Intel SDM Vol. 3, table 4-4).

.include "x86/prot32/paging/paging.inc"
given rbx, window
expect rcx, 0x5a5a
expect_memory 0x30000, 1, everyone|large_page|accessed
expect_memory window_pde, 4, everyone|large_page|accessed|dirty|1<<12

    watch_page_faults 32bit
    turn_on cr4, page_size_extension
    mov word ptr [0x123456], 0x5a5a
    mov dword ptr [window_pde], everyone|large_page
    flush_translations
    user_allowed "mov cx, [ebx + 0x123456]"
    mov al, [window_pde]
    mov [0x30000], al
    mov eax, 0
    mov dword ptr [window_pde], present|user|large_page
    flush_translations
    user_refused for_protection|by_user|by_write, window+0x123456, "mov [ebx + 0x123456], cx"
    refused for_protection|by_write, window+0x123456, "mov [ebx + 0x123456], cx"
    mov dword ptr [window_pde], present|writable|large_page
    flush_translations
    user_refused for_protection|by_user, window, "mov cx, [ebx]"
    mov dword ptr [window_pde], everyone|large_page|1<<21
    flush_translations
    refused for_protection|for_reserved_bit, window, "mov cx, [ebx]"
    user_refused for_protection|for_reserved_bit|by_user|by_write, window, "mov [ebx], cx"
    mov dword ptr [window_pde], everyone|large_page|1<<12
    flush_translations
    user_allowed "mov cx, [ebx + 0x123456]; mov [ebx], ecx"
    finish
