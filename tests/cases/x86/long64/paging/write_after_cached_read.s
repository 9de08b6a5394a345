# The first write to a page sets its dirty bit also when reads have long brought its translation into the TLB (Intel SDM
# Vol. 3, 4.8).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect_memory window_pte, 8, window_page+everyone+accessed+dirty
expect_memory 0x30000, 1, everyone|accessed
expect_memory window_page, 8, window

    watch_page_faults
    mov dword ptr [window_page], 0
    .rept 3
    mov rcx, [rbx]
    .endr
    mov al, [window_pte]
    mov [0x30000], al
    mov al, 0
    mov [rbx], rbx
    finish
