# A read sets the accessed bits on the way down, a write the dirty bit of the page's entry, and only there (Intel SDM
# Vol. 3, 4.8).

given rbx, 0x20000
given rcx, 0x21000
expect_memory page_map_level4, 1, 0x27
expect_memory page_directory, 1, 0x27
expect_memory page_table+0x20*8, 1, 0x27
expect_memory page_table+0x21*8, 1, 0x67
expect_memory page_table+0x22*8, 1, 0x07

    mov rax, [rbx]
    mov [rcx], rax
    hlt
