# A program that has been at the upper end of its half of the address space turns to addresses of the kernel's half that
# have the same bit 46 (Intel SDM Vol. 3, 4.6.1).

.include "x86/long64/paging/paging.inc"
.set upper, 255 << 39
.set kernels, 0xffffc00000000008                # Its table entry is not present,
.set kernels_top, 0xfffffffffffffff0            # and this one's is, for the kernel.
given rbx, upper+window_page+8
given rsi, kernels
given rdi, kernels_top

    watch_page_faults
    mov qword ptr [page_map_level4 + 255 * 8], page_directory_pointers + everyone
    mov qword ptr [page_map_level4 + 511 * 8], page_directory_pointers + present + writable
    flush_translations
    user_refused by_write|by_user, kernels, "mov eax, 300; 2: add qword ptr [rbx], 1; dec eax; cmovz rbx, rsi; jns 2b"
    mov rbx, upper+window_page+8
    user_refused by_user, kernels+8, "mov eax, 300; 2: mov rcx, [rbx+8]; dec eax; cmovz rbx, rsi; jns 2b"
    mov rbx, upper+window_page+8
    user_refused by_user, kernels_top, "mov eax, 300; 2: mov rcx, [rbx]; dec eax; cmovz rbx, rdi; jns 2b"
    mov rcx, 0
    finish
undefined CF|PF|AF|ZF|SF|OF
expect rax, 0
expect rbx, kernels_top
expect rcx, 0
expect_memory window_page+8, 8, 300
