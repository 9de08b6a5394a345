# A global page outlives a MOV to CR3 at the processor's will, but neither INVLPG nor a change of CR4.PGE, in either
# direction (Intel SDM Vol. 3, 4.10.2.4 and 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    turn_on cr4, page_global_enable
    .irp invalidation, "invlpg [rbx]", "turn_off cr4, page_global_enable", "turn_on cr4, page_global_enable"
    mov dword ptr [window_pte], window_page + global_page + everyone
    invlpg [rbx]
    allowed "mov rcx, [rbx]"
    allowed "mov [rbx], rcx"
    mov dword ptr [window_pte], 0
    \invalidation
    refused by_write, window, "mov [rbx], rcx"
    refused 0, window, "mov rcx, [rbx]"
    .endr
    turn_off cr4, page_global_enable
    turn_on cr4, page_global_enable
    # A large one.
    mov dword ptr [window_pde], global_page|large_page|everyone
    allowed "mov rcx, [rbx + 0x33000]"
    mov dword ptr [window_pde], 0
    turn_off cr4, page_global_enable
    refused 0, window+0x33000, "mov rcx, [rbx + 0x33000]"
    finish
