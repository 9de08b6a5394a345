# Code that ran before does not any more once its page is no-execute, and INVLPG was executed: #PF with I/D set (Intel SDM
# Vol. 3, 4.6.1 and 4.7).

faults page_fault, 0x28000, 0x11
expect cr2, 0x28000
expect rax, 2
expect rsp, 0x1efff8

    mov dword ptr [0x28000], 0xc3c0ff           # inc eax; ret
    call routine_place
    call routine_place
    bts qword ptr [page_table + 0x28 * 8], 63
    invlpg [0x28000]
    call routine_place
    hlt
.set routine_place, 0x28000
undefined CF|PF|AF|ZF|SF|OF
