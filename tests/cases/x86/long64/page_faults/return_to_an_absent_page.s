# IRETQ to a program whose page is not there is done: the fault is the program's, with its stack and flags (Intel SDM
# Vol. 3, 6.15, interrupt 14).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1234
given rdx, window+0x2340
expect_memory fault_stack-40, 16, window+0x1234, user_code64
expect_memory fault_stack-8, 8, user_data

    watch_page_faults
    mov byte ptr [window_pte + 8], 0
    flush_translations
    refused by_user|by_fetch, window+0x1234, "push user_data; push rdx; pushfq; push user_code64; push rbx; iretq"
    restarts window+0x1234, window+0x2340
    finish
