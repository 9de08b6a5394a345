# The address of a descriptor wraps at 4 GiB as every linear address does: a GDT at the end of the last page goes on at
# address 0 (Intel SDM Vol. 3, 3.3 and 3.5.1).

.include "x86/prot32/paging/paging.inc"
expect rcx, 0xcff300
expect_memory 0, 8, 0x00cff3000000ffff
undefined CF|OF|SF|ZF|AF|PF

    watch_page_faults 32bit
    mov dword ptr [page_directory32 + 1023 * 4], 0x24000 + present + writable
    mov dword ptr [0x24000 + 1023 * 4], window_page + present + writable
    mov esi, global_descriptors
    mov edi, window_page + 0xfc0
    mov ecx, 0x10
    rep movsd
    mov dword ptr [0], 0xffff
    mov dword ptr [4], 0x00cff200
    lgdt [descriptors]
    push 0x40 + 3
    pop fs
    mov ax, 0x43
    lar ecx, eax
    mov esi, 0
    mov edi, 0
    mov eax, 0
    push kernel_data
    pop fs
    finish
descriptors:
    .word 0x57
    .long 0xffffffc0
