# INVLPG's address is that of its segment: the base counts, and wraps at 4 GiB; the limit does not matter (Intel SDM
# Vol. 2, INVLPG).

.include "x86/prot32/paging/paging.inc"
given rbx, window
given rdx, 0x1000

    watch_page_faults 32bit
    mov dword ptr [global_descriptors + 0x40], 0xf0000000       # Data at window - 0x1000, of one byte.
    mov dword ptr [global_descriptors + 0x44], 0x0040923f
    push absent_data
    pop fs
    allowed "mov ecx, [ebx]"
    mov dword ptr [window_pte], 0
    invlpg fs:[edx]
    refused 0, window, "mov ecx, [ebx]"
    push kernel_data
    pop fs
    finish
