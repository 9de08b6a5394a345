# With CR0.WP a supervisor may not write a read-only page: #PF with the bits present and write (Intel SDM Vol. 3, 4.7).
# A stale TLB entry may be used until INVLPG.

given rbx, 0x20000
faults page_fault, fault, 3
expect cr2, 0x20000
expect rax, 1
expect_memory 0x20000, 8, 1

    mov byte ptr [page_table + 0x20 * 8], 5
    invlpg [rbx]
    mov rax, cr0
    btr rax, 16
    mov cr0, rax
    mov qword ptr [rbx], 1
    bts rax, 16
    mov cr0, rax
    mov eax, 1
fault:
    mov [rbx], rbx
    hlt
undefined CF|OF|SF|ZF|AF|PF
