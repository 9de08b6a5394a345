# After P of any entry on the way was cleared, INVLPG makes accesses of the page fault, for reads, writes and fetches
# that were cached (Intel SDM Vol. 3, 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_page], 0xcc
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    allowed "mov al, [rbx]"
    allowed "mov [rbx], al"
    allowed "jmp rbx"
    user_allowed "mov [rbx], al"
    mov byte ptr [\entry], 0
    invlpg [rbx]
    refused 0, window, "mov al, [rbx]"
    refused by_write, window, "mov [rbx], al"
    refused by_fetch, window, "jmp rbx"
    user_refused by_user|by_write, window, "mov [rbx], al"
    mov byte ptr [\entry], everyone
    .endr
    mov eax, 0
    finish
