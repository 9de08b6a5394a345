# A page-directory-pointer entry with PS set maps 1 GiB: the 30 low bits of the address are an offset, and the entry
# alone is accessed and dirty (Intel SDM Vol. 3, 4.5 and 4.8).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x128004
given rdx, window+0x40000000
expect rcx, 0x12345678
expect_memory window_pml4e, 8, window_pdpte+everyone+accessed
expect_memory window_pdpte, 8, everyone|large_page|accessed
expect_memory window_pdpte+8, 8, everyone|large_page|accessed|dirty
expect_memory 0x30000, 8, window+0x40000000

    watch_page_faults
    mov dword ptr [0x128004], 0x12345678
    mov qword ptr [window_pdpte], everyone|large_page
    mov qword ptr [window_pdpte + 8], everyone|large_page
    flush_translations
    user_allowed "mov ecx, [rbx]"
    user_allowed "mov [rdx + 0x30000], rdx"
    finish
