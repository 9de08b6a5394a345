# With TI set a selector names an entry of the LDT. Entry 0 is usable there; beyond the LDT's limit, and with no LDT,
# the load is #GP with the selector, TI included (Intel SDM Vol. 3, 3.4.2 and 3.5.1).

.include "x86/prot32/faults.inc"

descriptor ldt_entry, 0x82, 15, image+local_table-image_start, 0
expect fs, 4
expect gs, 0xc
expect ldtr, ldt_entry
expect rax, 0x14
expect rbx, 0x11111111
expect rcx, 0x22222222
expect_memory 0x20000, 8, 0x2222222211111111

    watch_faults
    mov eax, 4
    refused general_protection, 4, mov fs, ax
    mov eax, ldt_entry
    lldt ax
    mov eax, 4
    mov fs, ax
    mov eax, 0xc
    mov gs, ax
    mov dword ptr [0x20000], 0x11111111
    mov dword ptr [0x20004], 0x22222222
    mov ebx, fs:[0]
    mov ecx, gs:[0]
    mov eax, 0x14
    refused general_protection, 0x14, mov es, ax
    hlt

.pushsection .text, 3
local_table:
    raw_descriptor 0x93, 0xfffff, 0x20000
    raw_descriptor 0x93, 0xfffff, 0x20004
    raw_descriptor 0x93, 0xfffff, 0x20008
.popsection
