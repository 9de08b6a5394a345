# Out of IA-32e mode: over compatibility mode, clear PG. LMA goes, LME stays, and 32-bit protected mode without
# paging is left (Intel SDM Vol. 3, 9.8.5.4). LME can then be cleared.

expect cs, kernel_code32
expect cr0, 0x10033
expect efer, 0x801
expect rax, 0x801
expect rbx, 0x901
expect rcx, 0xc0000080
expect rip, end
expect_memory 0x1ffff8, 4, 0x12345678

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
    mov ebx, eax
    btr eax, 8
    wrmsr
    mov dword ptr [0x200000 - 8], 0x12345678
end:
    hlt

undefined CF|PF|AF|ZF|SF|OF
