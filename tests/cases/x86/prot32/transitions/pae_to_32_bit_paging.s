# From PAE paging to 32-bit paging and back through PG clear: CR4.PAE decides how CR3 and the entries are read when
# PG is set (Intel SDM Vol. 3, 4.1.2).

expect cr0, 0x80010033
expect cr3, 0x8000
expect rbx, 0x11111111
expect rcx, 0x22222222
expect rdx, 0x11111111

    mov dword ptr [0x8000], page_directory + 1
    mov dword ptr [0x9000], 0xa007      # 32-bit paging: a table at a000
    mov edi, 0xa000
    mov eax, 7
1:  mov [edi], eax
    add edi, 4
    add eax, 0x1000
    cmp eax, 0x200007
    jne 1b
    mov dword ptr [0xa080], 0x22007     # linear 20000 lies at 22000
    mov dword ptr [0x5100], 0x21007     # and with PAE at 21000
    mov dword ptr [0x21000], 0x11111111
    mov dword ptr [0x22000], 0x22222222
    .macro switch paging_root, cr4_value
    mov eax, 0x10033
    mov cr0, eax
    mov eax, \cr4_value
    mov cr4, eax
    mov eax, \paging_root
    mov cr3, eax
    mov eax, 0x80010033
    mov cr0, eax
    .endm
    switch 0x8000, 0x40620
    mov ebx, [0x20000]
    switch 0x9000, 0x40600
    mov ecx, [0x20000]
    switch 0x8000, 0x40620
    mov edx, [0x20000]
    mov edi, 0
    mov eax, 0
    hlt

undefined CF|PF|AF|ZF|SF|OF
