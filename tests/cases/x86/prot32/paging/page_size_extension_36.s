# Bits 20:13 of an entry for a 4 MiB page are bits 39:32 of its address (Intel SDM Vol. 3, table 4-4): what is there is
# not what is 4 GiB below it. Memory that does not exist reads as ones.

.include "x86/prot32/paging/paging.inc"
given rbx, window+0x30000
given rcx, 0x11223344
expect rdx, 0xffffffff
expect_memory 0x30000, 4, 0x5a5a5a5a

    watch_page_faults 32bit
    turn_on cr4, page_size_extension
    mov dword ptr [0x30000], 0x5a5a5a5a
    .irp bit, 13, 14, 15, 16, 17, 18, 19, 20
    mov edx, 0
    mov dword ptr [window_pde], everyone|large_page|1<<\bit
    flush_translations
    allowed "mov edx, [ebx]"
    allowed "mov [ebx], ecx"
    mov eax, -1
    cmp eax, edx
    jne wrong
    .endr
    mov eax, 0
    finish
wrong:
    hlt
undefined CF|OF|SF|ZF|AF|PF
