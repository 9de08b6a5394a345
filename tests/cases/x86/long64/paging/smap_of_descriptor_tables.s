# SMAP also guards the supervisor's implicit accesses, here of a descriptor in a page of the user's, and neither
# RFLAGS.AC nor privilege level 3 lifts that (Intel SDM Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"
given rcx, split_selector

    watch_page_faults
    split_gdt
    mov byte ptr [window_pte], present|writable
    flush_translations
    user_allowed "mov ds, ecx"
    turn_on cr4, smap_enable
    user_refused for_protection, window+0x1000, "mov ds, ecx"
    refused for_protection, window+0x1000, "mov ds, ecx"
    stac
    user_refused for_protection, window+0x1000, "mov ds, ecx"
    refused for_protection, window+0x1000, "mov ds, ecx"
    clac
    finish
