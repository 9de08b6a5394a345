# With G set the limit counts pages of 4 KiB and its low 12 bits are ones: a limit of 0 still gives the whole first
# page (Intel SDM Vol. 3, 3.4.5).

.include "x86/prot32/faults.inc"

descriptor one_page, 0x93, 0, 0x20000, 0xc
descriptor three_pages, 0x93, 2, 0x20000, 0xc
expect rax, three_pages
expect fs, one_page
expect gs, three_pages
expect_memory 0x20ffc, 4, 0x11111111
expect_memory 0x22ffc, 4, 0x22222222
expect_memory 0x23000, 4, 0

    watch_faults
    mov eax, one_page
    mov fs, ax
    mov eax, three_pages
    mov gs, ax
    mov dword ptr fs:[0xffc], 0x11111111
    mov dword ptr gs:[0x2ffc], 0x22222222
    refused general_protection, 0, mov dword ptr fs:[0xffd], -1
    refused general_protection, 0, mov byte ptr fs:[0x1000], -1
    refused general_protection, 0, mov dword ptr gs:[0x2ffd], -1
    refused general_protection, 0, mov byte ptr gs:[0x3000], -1
    hlt
