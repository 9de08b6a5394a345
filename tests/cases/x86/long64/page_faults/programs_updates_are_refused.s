# A program's ADD and the like to a page that it may only read change neither memory nor flags (Intel SDM Vol. 3, 6.5); those
# that may be written leave both.

.include "x86/long64/paging/paging.inc"
given rbp, window
given rdx, 5
given rdi, 0
expect_memory window_page+0x3000, 8, 0x1111111111111117
expect rdi, 0b01

    watch_page_faults
    mov rax, 0x1111111111111112
    mov [window_page + 0x3000], rax
    mov byte ptr [window_pte + 24], present|user
    mov qword ptr [page_map_level4], page_directory_pointers + everyone
    mov qword ptr [page_directory_pointers + 8], window_pde + everyone
    flush_translations
    .irp round, 0, 1, 2, 3
    user_refused for_protection|by_write|by_user, window+0x3000, "mov ecx, 2; cmp ecx, 3; add [rbp + 0x3000], rdx"
    .endr
    .irp round, 0, 1, 2, 3
    user_refused for_protection|by_write|by_user, 0x40003000, "mov ecx, 2; mov eax, 0x40003000; cmp ecx, 3; jae 1f; add [rax], rdx; 1:"
    setc dil
    .endr
    mov byte ptr [window_pte + 24], everyone
    user_allowed "add [rbp + 0x3000], rdx; mov ecx, [rbp + 0x2ffe]; adc edi, edi; shr edi"
    .irp register, rax, rcx
    mov \register, 0
    .endr
    finish
undefined CF|PF|AF|ZF|SF|OF
