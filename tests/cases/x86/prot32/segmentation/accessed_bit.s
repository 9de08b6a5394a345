# Loading a segment register sets bit 0 of the type in the descriptor and nothing else, for data, stack and code
# segments, in the GDT and in an LDT (Intel SDM Vol. 3, 3.4.5.1).

.include "x86/prot32/faults.inc"

descriptor ldt_entry, 0x82, 7, image+local_table-image_start, 0
descriptor data, 0xf0, 0x12345, 0x6789abcd, 0xd
descriptor stack, 0x92
descriptor readable, 0x9a
descriptor code, 0x98
descriptor untouched, 0x92
expect rax, code
expect cs, code
expect ds, 4
expect es, data
expect fs, readable
expect ss, stack
expect ldtr, ldt_entry
expect_memory gdt+data, 8, 0x67d1f189abcd2345
expect_memory gdt+stack, 8, 0x00cf93000000ffff
expect_memory gdt+readable, 8, 0x00cf9b000000ffff
expect_memory gdt+code, 8, 0x00cf99000000ffff
expect_memory gdt+untouched, 8, 0x00cf92000000ffff
expect_memory local_table, 8, 0x00cf93000000ffff

    mov eax, ldt_entry
    lldt ax
    .irp move, "4; mov ds", "data; mov es", "stack; mov ss", "readable; mov fs"
    mov eax, \move, ax
    .endr
    mov eax, code
    ljmp code:there
there:
    hlt

.pushsection .text, 3
local_table:
    raw_descriptor 0x92
.popsection
