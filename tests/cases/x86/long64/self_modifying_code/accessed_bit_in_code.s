# A page-table entry may be code as well: when the processor sets its accessed and dirty bits, the code has changed (Intel SDM
# Vol. 3, 4.8 and 8.1.3). The entry is the immediate of a MOV.

expect rax, 0x28067
expect rbx, 0x28007
expect rcx, unmapped
expect_memory 0x29000, 8, 0x28067

    mov qword ptr [page_directory + 8], 0x29007 # Its table is the page at 0x29000,
    mov word ptr [0x28ffe], 0xb848              # and MOV RAX begins two bytes before it.
    mov qword ptr [0x29000], 0x28007
    mov byte ptr [0x29008], 0xc3
    mov ebp, 0x28ffe
    call rbp
    mov rbx, rax
    mov ecx, unmapped
    mov [rcx], eax
    mov rax, cr3
    mov cr3, rax
    call rbp
    xor ebp, ebp
    hlt
undefined CF|PF|AF|ZF|SF|OF
