# One instruction of a program that goes round three addresses of one page: at the lower end of its half of the address
# space, at the upper end and amid; and that then leaves its half (Intel SDM Vol. 1, 3.3.7.1 and Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"
.set middle, 8 << 39
.set upper, 255 << 39
given rbx, window+8
given rsi, upper+window_page+8
given rdi, middle+window_page+8
given rbp, 0xffff800000000008
given rcx, 0

    watch_page_faults
    mov qword ptr [page_map_level4 + 8 * 8], page_directory_pointers + everyone
    mov qword ptr [page_map_level4 + 255 * 8], page_directory_pointers + everyone
    mov qword ptr [page_map_level4 + 256 * 8], page_directory_pointers + present + writable
    flush_translations
    user_allowed "mov ecx, 300; 2: add [rbx], rcx; xchg rbx, rsi; xchg rsi, rdi; dec ecx; jnz 2b"
    user_allowed "mov rbx, rsi; mov [rbx+8], rbx; mov [rbx+16], rdi; mov rbx, [rbx+16]; mov [rbx+24], rsi; lea rbx, [rbp]"
    user_refused for_protection|by_write|by_user, 0xffff800000000008, "mov [rbx], rcx"
    user_refused for_protection|by_user, 0xffff800000000010, "mov rcx, [rbx+8]"
    mov rbx, 300 * 301 / 2
    finish
undefined CF|PF|AF|ZF|SF|OF
expect rbx, 300*301/2
expect_memory window_page+8, 8, 300*301/2
expect_memory window_page+16, 8, upper+window_page+8
expect_memory window_page+24, 8, middle+window_page+8
expect_memory window_page+32, 8, upper+window_page+8
