# After a change of its page-table entry and INVLPG, other bytes are the code at the same linear address, and the former
# ones again after the way back (Intel SDM Vol. 3, 4.10.4.1).

given rcx, 3
expect rcx, 0
expect rax, 3
expect rbx, 30
expect rflags, ZF|PF
undefined AF

    mov dword ptr [0x28000], 0xc3c0ff           # inc eax; ret
    mov dword ptr [0x29000], 0xc30ac383         # add ebx, 10; ret
again:
    call routine_place
    mov dword ptr [page_table + 0x28 * 8], 0x29007
    invlpg [0x28000]
    call routine_place
    mov dword ptr [page_table + 0x28 * 8], 0x28007
    invlpg [0x28000]
    dec ecx
    jnz again
    hlt
.set routine_place, 0x28000
