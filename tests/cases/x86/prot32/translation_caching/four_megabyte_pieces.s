# INVLPG of any address in a 4 MiB page drops all of the page, and a global one as well (Intel SDM Vol. 3, 4.10.4.1).

.include "x86/prot32/paging/paging.inc"
given rbx, window

    watch_page_faults 32bit
    turn_on cr4, page_size_extension
    turn_on cr4, page_global_enable
    .irp offset, 0x30000, 0x1f0000
    mov dword ptr [window_pde], everyone|large_page|global_page
    invlpg [ebx]
    allowed "mov ecx, [ebx + 0x30000]; mov [ebx + 0x30000], ecx"
    user_allowed "mov ecx, [ebx + 0x70000]"
    mov dword ptr [window_pde], 0
    invlpg [ebx + \offset]
    refused by_write, window+0x30000, "mov [ebx + 0x30000], ecx"
    user_refused by_user, window+0x70000, "mov ecx, [ebx + 0x70000]"
    .endr
    finish
