# A reserved bit that is set in a page-table entry: #PF with the reserved bit flag, also for a read that rights would
# allow.

given rbx, 0x20000
faults page_fault, fault, 9
expect cr2, 0x20000
undefined CF|OF|SF|ZF|AF|PF

    bts qword ptr [page_table + 0x20 * 8], 51
fault:
    mov rax, [rbx]
    hlt
