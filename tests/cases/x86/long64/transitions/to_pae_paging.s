# From IA-32e mode to PAE paging: PG and LME cleared, CR3 loaded with a table of four pointers, PG set. Addresses
# then have 32 bits and EFER neither LME nor LMA; the page tables below the pointers are the same (Intel SDM Vol. 3,
# 4.1.2 and 4.4).

expect cs, kernel_code32
expect cr3, 0x8000
expect efer, 0x801
expect rax, 0x801
expect rcx, 0xc0000080
expect rbx, 0x5a5a5a5a
expect rdx, 0
expect rip, end
expect_memory 0x5100, 4, 0x21027

    mov qword ptr [0x8000], page_directory + 1
    mov qword ptr [0x5100], 0x21007             # linear 20000 lies at 21000
    mov dword ptr [0x21010], 0x5a5a5a5a
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    mov eax, cr0
    btr eax, 31
    mov cr0, eax
    mov ecx, 0xc0000080
    rdmsr
    btr eax, 8
    wrmsr
    mov eax, 0x8000
    mov cr3, eax
    mov eax, cr0
    bts eax, 31
    mov cr0, eax
    rdmsr
    mov ebx, [0x20010]
end:
    hlt

undefined CF|PF|AF|ZF|SF|OF
