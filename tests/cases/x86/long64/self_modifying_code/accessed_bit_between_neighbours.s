# As accessed_bit_in_code, with neighbours that an engine may check together: the walk for the first of two loads changes the
# instruction that stands between them (Intel SDM Vol. 3, 4.8 and 11.6).

.set page, unmapped + 0x1000
.set entry, 0x29008

expect rax, 0x28027
expect rcx, 0x28027
expect rdx, page
expect_memory entry, 8, 0x28027
undefined CF|PF|AF|ZF|SF|OF

    mov qword ptr [page_directory + 8], 0x29007
    mov dword ptr [entry - 4], 0xb848328b       # mov esi, [rdx]; mov rax, ENTRY
    mov qword ptr [entry], 0x28007
    mov dword ptr [entry + 8], 0xc3047a8b       # mov edi, [rdx + 4]; ret
    mov ebp, entry - 4
    mov edx, unmapped - 0x1000                  # Mapped, so that the code is known before it changes
    mov ebx, 20
again:
    call rbp
    dec ebx
    jnz again
    mov edx, page
    call rbp
    mov rcx, rax
    xor ebp, ebp
    xor esi, esi
    xor edi, edi
    hlt
