# MOV to CR3 drops every cached translation that is not global, whichever level of it has changed (Intel SDM Vol. 3,
# 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    .irp page, 0, 0x2000, 0x3000
    user_allowed "mov [rbx + \page], rcx"
    .endr
    mov dword ptr [\entry], 0
    flush_translations
    user_refused by_user, window, "mov rcx, [rbx]"
    user_refused by_user|by_write, window, "mov [rbx], rcx"
    mov dword ptr [window_pml4e], window_pdpte + everyone
    mov dword ptr [window_pdpte], window_pde + everyone
    mov dword ptr [window_pde], window_pte + everyone
    .endr
    user_refused by_user, window, "mov rcx, [rbx]"
    user_allowed "mov rcx, [rbx + 0x3000]"
    finish
