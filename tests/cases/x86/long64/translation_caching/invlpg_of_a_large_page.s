# INVLPG with any address in a 2 MiB or 1 GiB page drops all that is cached of the page (Intel SDM Vol. 3, 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window
given rdx, window+0x1f3123

    watch_page_faults
    .irp entry, window_pde, window_pdpte
    mov qword ptr [\entry], everyone|large_page
    flush_translations
    .irp offset, 0x30000, 0x70000, 0x1ff000
    allowed "mov rcx, [rbx + \offset]; mov [rbx + \offset], rcx"
    .endr
    mov byte ptr [\entry], present|large_page
    invlpg [rdx]
    .irp offset, 0x30000, 0x70000, 0x1ff000
    refused for_protection|by_write, window+\offset, "mov [rbx + \offset], rcx"
    .endr
    mov byte ptr [\entry], 0
    invlpg [rbx + 0x30000]
    .irp offset, 0x30000, 0x70000, 0x1ff000
    refused 0, window+\offset, "mov rcx, [rbx + \offset]"
    .endr
    .endr
    finish
undefined CF|OF|SF|ZF|AF|PF
expect rcx, 0
