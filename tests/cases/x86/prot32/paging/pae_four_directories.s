# The two highest bits of a linear address choose among PAE's four directories, whose entries become neither accessed
# nor dirty; one that is not present maps nothing of its gigabyte (Intel SDM Vol. 3, 4.4.2 and 4.8).

.include "x86/prot32/paging/paging.inc"
given rbx, window+0x40000000
given rdx, window+0xc0000000
expect rcx, 0x1111
expect_memory page_directory32, 8, page_directory_pae+present
expect_memory page_directory32+24, 8, 0x24000+present
expect_memory 0x24010, 4, window_pte+everyone+accessed
expect_memory window_page+4, 4, 0x1111

    watch_page_faults pae
    mov dword ptr [window_page], 0x1111
    mov dword ptr [page_directory32 + 24], 0x24000 + present
    mov dword ptr [0x24010], window_pte + everyone
    flush_translations
    user_allowed "mov ecx, [edx]"
    user_allowed "mov [edx + 4], ecx"
    user_refused by_user|by_write, window+0x40000000, "mov [ebx], ecx"
    refused 0, window+0x80000000, "mov ecx, [ebx + 0x40000000]"
    refused 0, window+0x40000000, "jmp ebx"
    finish
