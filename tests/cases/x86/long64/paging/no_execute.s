# A fetch from a page with XD set: #PF with the bits present and instruction fetch.

faults page_fault, 0x20000, 0x11
expect cr2, 0x20000
expect rsp, 0x1f0000-8
expect_memory 0x1f0000-8, 8, after

    bts qword ptr [page_table + 0x20 * 8], 63
    mov eax, 0x20000
    call rax
after:
    hlt
expect rax, 0x20000
undefined CF|OF|SF|ZF|AF|PF
