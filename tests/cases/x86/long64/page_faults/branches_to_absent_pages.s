# A branch to a page that is not there is done: the fault is that of the fetch at its target, after CALL has pushed and
# RET has popped (Intel SDM Vol. 3, 6.15, interrupt 14).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1234
expect_memory 0x30000-16, 16, 1f, 0

    watch_page_faults
    mov byte ptr [window_pte + 8], 0
    flush_translations
    refused by_fetch, window+0x1234, "jmp rbx"
    restarts window+0x1234, 0x1f0000
    refused by_fetch, window+0x1234, "mov esp, 0x30000 - 8; call rbx; 1:"
    restarts window+0x1234, 0x30000-16
    refused by_fetch, window+0x1234, "push rbx; ret 8"
    restarts window+0x1234, 0x1f0008
    refused by_fetch, window+0x1234, "push kernel_code64; push rbx; retfq"
    restarts window+0x1234, 0x1f0000
    user_refused by_user|by_fetch, window+0x1234, "jmp rbx"
    finish
