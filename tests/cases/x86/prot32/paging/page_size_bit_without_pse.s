# While CR4.PSE is clear PS of a directory entry is ignored, and so are the bits that it would give a meaning or reserve
# (Intel SDM Vol. 3, table 4-5).

.include "x86/prot32/paging/paging.inc"
given rbx, window
expect rcx, 0x5a5a

    watch_page_faults 32bit
    mov word ptr [window_page + 0x10], 0x5a5a
    mov byte ptr [window_pde], everyone|large_page|dirty
    flush_translations
    user_allowed "mov cx, [ebx + 0x10]"
    turn_on cr4, page_size_extension
    # Now the same entry is that of a 4 MiB page beyond 4 GiB, where nothing is.
    allowed "mov edx, [ebx]"
    mov dword ptr [window_pde], 0
    flush_translations
    refused 0, window, "mov edx, [ebx]"
    finish
expect rdx, -1&0xffffffff
