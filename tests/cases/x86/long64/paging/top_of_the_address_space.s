# Linear addresses wrap from the last page of the upper half to the first of the lower half, which are neighbours (Intel
# SDM Vol. 1, 3.3.7.1).

.include "x86/long64/paging/paging.inc"
given rbx, -4
expect rcx, 0x4433221100998877
expect_memory window_page+0xffc, 4, 0x88776655
expect_memory 0, 4, 0xccbbaa99

    watch_page_faults
    mov qword ptr [page_map_level4 + 511 * 8], window_pdpte + everyone
    mov qword ptr [window_pdpte + 511 * 8], window_pde + everyone
    mov qword ptr [window_pde + 511 * 8], window_pte + everyone
    mov qword ptr [window_pte + 511 * 8], window_page + everyone
    mov dword ptr [window_page + 0xffc], 0x00998877
    mov dword ptr [0], 0x44332211
    allowed "mov rcx, [rbx]"
    mov rdx, 0xccbbaa9988776655
    allowed "mov [rbx], rdx"
    mov edx, 0
    finish
