# A page-directory entry with PS set maps 2 MiB at once; after CR3 is written the old translations are gone.

given rbx, 0x21f000
expect rax, 0x5a5a
expect rcx, 0x20000
expect_memory page_directory+8, 8, 0xe7
expect rdx, page_map_level4

    mov qword ptr [page_directory + 8], 0x87    # 2 MiB .. 4 MiB onto 0
    mov rdx, cr3
    mov cr3, rdx
    mov ecx, 0x20000
    mov word ptr [rcx], 0x5a5a
    movzx eax, word ptr [rcx + unmapped]
    mov [rbx], rax
    hlt

expect_memory 0x1f000, 8, 0x5a5a
