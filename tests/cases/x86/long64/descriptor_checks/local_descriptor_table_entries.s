# An LDT in long mode holds 8-byte segments and 16-byte call gates; both halves of a gate must lie within its limit,
# and error codes have TI set (Intel SDM Vol. 3, 3.5.2 and 5.8.3.1).

.include "x86/long64/faults.inc"

system_descriptor ldt_entry, 0x82, 39, image+local_table-image_start
expect cs, 4
expect fs, 12
expect ldtr, ldt_entry
expect rax, ldt_entry

    watch_faults
    mov eax, ldt_entry
    lldt ax
    mov eax, 12
    mov fs, eax
    mov dword ptr [0x20004], 36             # Its upper half is beyond.
    refused general_protection, 36, jmp fword ptr [0x20000]
    mov eax, 44
    refused general_protection, 44, mov fs, eax
    mov eax, ldt_entry
    mov dword ptr [0x20004], 20
    jmp fword ptr [0x20000]
    ud2
arrived:
    hlt

.pushsection .text, 3
.balign 8
local_table:
    raw_descriptor 0x9b, 0xfffff, 0, 0xa
    raw_descriptor 0x93
    .word arrived - image_start, 4, 0x8c00, image >> 16, 0, 0, 0, 0
    .word arrived - image_start, 4, 0x8c00, image >> 16, 0, 0, 0, 0
.popsection
