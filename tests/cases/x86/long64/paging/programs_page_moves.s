# What a program finds at an address after its page was mapped elsewhere and INVLPG has told so, after CR3 was loaded,
# and after its rights were taken away and given back (Intel SDM Vol. 3, 4.10.4).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov qword ptr [window_page], 1
    mov qword ptr [window_page + 0x1000], 2
    mov qword ptr [window_page + 0x2000], 3
    .irp round, 0, 1, 2, 3
    user_allowed "mov rax, [rbx]; add [rbx], rax"
    .endr
    mov qword ptr [window_pte], window_page + 0x1000 + everyone
    invlpg [rbx]
    user_allowed "mov rcx, [rbx]; add [rbx], rcx"
    mov qword ptr [window_pte], window_page + 0x2000 + everyone
    flush_translations
    user_allowed "mov rdx, [rbx]; add [rbx], rdx"
    mov byte ptr [window_pte], present|user
    invlpg [rbx]
    user_allowed "mov rsi, [rbx]"
    user_refused for_protection|by_write|by_user, window, "mov [rbx], rsi"
    mov byte ptr [window_pte], everyone
    invlpg [rbx]
    user_allowed "mov [rbx], rbx"
    mov byte ptr [window_pte], 0
    invlpg [rbx]
    user_refused by_user, window, "mov rdi, [rbx]"
    finish
undefined CF|PF|AF|ZF|SF|OF
expect rax, 8
expect rcx, 2
expect rdx, 3
expect rsi, 6
expect_memory window_page, 8, 16
expect_memory window_page+0x1000, 8, 4
expect_memory window_page+0x2000, 8, window
