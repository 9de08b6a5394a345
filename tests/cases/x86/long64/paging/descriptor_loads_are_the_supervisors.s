# Descriptors are read with the supervisor's rights at every privilege level, and faults in doing so are the
# supervisor's (Intel SDM Vol. 3, 4.6.1 and 4.7).

.include "x86/long64/paging/paging.inc"
given rcx, split_selector

    watch_page_faults
    split_gdt
    mov byte ptr [window_pte], present|writable
    mov byte ptr [window_pte + 8], present|writable
    flush_translations
    user_allowed "mov ds, ecx"
    mov byte ptr [window_pte + 8], 0
    flush_translations
    .irp instruction, "mov ds, ecx", "lar edx, ecx", "lsl edx, ecx", "verr cx", "push rcx; pop fs"
    user_refused 0, window+0x1000, "\instruction"
    .endr
    refused 0, window+0x1000, "mov gs, ecx"
    finish
