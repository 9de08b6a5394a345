# LLDT takes a null selector; segments of the former LDT stay usable, but none can be loaded any more (Intel SDM Vol.
# 2A, LLDT).

.include "x86/prot32/faults.inc"

descriptor ldt_entry, 0x82, 7, image+local_table-image_start, 0
expect fs, 4
expect ldtr, 3
expect rax, 4
expect rbx, 0x11111111

    watch_faults
    mov eax, ldt_entry
    lldt ax
    mov eax, 4
    mov fs, ax
    mov eax, 3
    lldt ax
    mov dword ptr [0x20000], 0x11111111
    mov ebx, fs:[0]
    mov eax, 4
    refused general_protection, 4, mov fs, ax
    refused general_protection, 4, mov ss, ax
    hlt

.pushsection .text, 3
local_table:
    raw_descriptor 0x93, 0xfffff, 0x20000
.popsection
