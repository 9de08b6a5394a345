# With PAE a directory entry with PS set maps 2 MiB, whatever CR4.PSE is (Intel SDM Vol. 3, 4.4.2). It alone becomes
# dirty.

.include "x86/prot32/paging/paging.inc"
given rbx, window+0x123456
expect rcx, 0x5a5a
expect_memory window_pde, 4, everyone|large_page|accessed|dirty
expect_memory 0x30000, 1, everyone|large_page|accessed

    watch_page_faults pae
    mov word ptr [0x123456], 0x5a5a
    mov dword ptr [window_pde], everyone|large_page
    flush_translations
    user_allowed "mov cx, [ebx]"
    mov al, [window_pde]
    mov [0x30000], al
    mov al, 0
    user_allowed "mov [ebx], cx"
    refused 0, window+0x200000, "mov al, [ebx - 0x123456 + 0x200000]"
    finish
