# Paging with 32-bit entries, 4 MiB pages and WP (Intel SDM Vol. 3, 4.3).

given cr4, 0x10                 # PSE, no PAE
faults page_fault, fault, 3
expect cr0, 0x80010033
expect cr3, 0x20000
expect cr2, 0x400010
expect rax, 0x5a5a5a5a
expect_memory 0x20000, 4, 0xe3              # accessed and dirty
expect_memory 0x20004, 4, 0x21021
expect_memory 0x21000, 4, 0x22021

    mov dword ptr [0x20000], 0x83           # 0 .. 4 MiB onto itself
    mov dword ptr [0x20004], 0x21001        # a table, read-only
    mov dword ptr [0x21000], 0x22001
    mov dword ptr [0x22010], 0x5a5a5a5a
    mov eax, 0x20000
    mov cr3, eax
    mov eax, cr0
    or eax, 0x80000000
    mov cr0, eax
    mov eax, [0x400010]
fault:
    mov [0x400010], eax
    hlt
undefined CF|OF|SF|ZF|AF|PF
