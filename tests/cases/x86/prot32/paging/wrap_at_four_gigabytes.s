# 32-bit linear addresses wrap: behind the last page is page 0, here for an operand within the limit of a segment whose
# base is the last page (Intel SDM Vol. 3, 3.3).

.include "x86/prot32/paging/paging.inc"
given rbx, 0x1000
given rdx, 0xccbbaa99
expect rcx, 0x44332211
expect_memory window_page+0xffe, 2, 0xaa99
expect_memory 0, 2, 0xccbb

    watch_page_faults 32bit
    mov dword ptr [page_directory32 + 1023 * 4], 0x24000 + everyone
    mov dword ptr [0x24000 + 1023 * 4], window_page + everyone
    mov word ptr [window_page + 0xffe], 0x2211
    mov word ptr [0], 0x4433
    mov dword ptr [global_descriptors + 0x40], 0xf000ffff
    mov dword ptr [global_descriptors + 0x44], 0xffcf93ff
    push absent_data
    pop fs
    allowed "mov ecx, fs:[ebx - 2]"
    allowed "mov fs:[ebx - 2], edx"
    mov dword ptr [0x24000 + 1023 * 4], 0
    flush_translations
    refused by_write, 0xfffffffe, "mov fs:[ebx - 2], edx"
    finish
