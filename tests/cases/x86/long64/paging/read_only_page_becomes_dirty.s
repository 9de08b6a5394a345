# With CR0.WP clear a supervisor's write to a read-only page makes the page dirty, as any write does (Intel SDM Vol. 3,
# 4.6.1 and 4.8).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect_memory window_pte, 8, window_page+present+user+accessed+dirty
expect_memory window_page, 8, window

    watch_page_faults
    mov byte ptr [window_pte], present|user
    turn_off cr0, write_protect
    allowed "mov rcx, [rbx]"
    allowed "mov [rbx], rbx"
    user_refused for_protection|by_user|by_write, window, "mov [rbx], rcx"
    finish
