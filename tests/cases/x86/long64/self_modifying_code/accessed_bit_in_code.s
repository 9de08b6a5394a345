# A page-table entry may be code as well: when the processor sets its accessed and dirty bits, the code has changed (Intel SDM
# Vol. 3, 4.8 and 11.6). The entry is the immediate of a MOV; its neighbours hold the opcode and a RET.

.set page, unmapped + 0x1000
.set entry, 0x29008

expect rax, 0x28067
expect rbx, 0x28007
expect rcx, 0x28027
expect rdx, page
expect_memory entry, 8, 0x28067
undefined CF|PF|AF|ZF|SF|OF

    mov qword ptr [page_directory + 8], 0x29007
    mov word ptr [entry - 2], 0xb848            # mov rax, ENTRY
    mov qword ptr [entry], 0x28007
    mov byte ptr [entry + 8], 0xc3
    mov ebp, entry - 2
    mov edx, page
    call rbp
    mov rbx, rax
    mov esi, [rdx]                              # Accessed
    call rbp
    mov rcx, rax
    mov [rdx], esi                              # Dirty
    call rbp
    xor ebp, ebp
    hlt
