# Pages whose addresses agree in many low bits have translations of their own, in every order of use (Intel SDM Vol. 3,
# 4.10.2.1).

.include "x86/long64/paging/paging.inc"
given rbx, window
expect_memory window_page, 8, 3
expect_memory window_page+0x1000, 8, 6
expect_memory window_page+0x2000, 8, 9
expect_memory window_page+0x3000, 8, 12
undefined CF|OF|SF|ZF|AF|PF

    watch_page_faults
    mov dword ptr [window_pdpte + 8], 0x24000 + everyone        # 1 GiB up: page 1.
    mov dword ptr [0x24000], 0x25000 + everyone
    mov dword ptr [0x25000], window_page + 0x1000 + everyone
    mov dword ptr [window_pde + 16], 0x26000 + everyone         # 4 MiB up: page 2.
    mov dword ptr [0x26000], window_page + 0x2000 + everyone
    mov dword ptr [window_pte + 256 * 8], window_page + 0x3000 + everyone # 1 MiB up: page 3.
    .rept 3
    add qword ptr [rbx], 1
    add qword ptr [rbx + 0x40000000], 2
    add qword ptr [rbx + 0x400000], 3
    add qword ptr [rbx + 0x100000], 4
    .endr
    finish
