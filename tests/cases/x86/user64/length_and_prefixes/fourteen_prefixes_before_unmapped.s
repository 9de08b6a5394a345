# Fourteen bytes may still be a good instruction's: the missing fifteenth is fetched, and faults.

given rbx, unmapped-14
given rdi, unmapped-14
given rax, 0x66
given rcx, 14
faults page_fault, unmapped-14, 0x14
expect rcx, 0
expect rdi, unmapped
expect cr2, unmapped

    rep stosb
    jmp rbx
