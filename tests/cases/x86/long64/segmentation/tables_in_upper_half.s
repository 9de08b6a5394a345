# GDT, IDT, LDT and TSS may lie anywhere in the 64-bit address space, and serve compatibility mode and CPL 3 from
# there (Intel SDM Vol. 3, 3.5.2 and 7.7).

.include "x86/long64/faults.inc"

.set upper, 0xffffff8000000000              # The last entry of the top table maps the first 512 GiB again.
system_descriptor ldt_entry, 0x82, 7, image+local_table-image_start, 0xffffff80
system_descriptor high_task, 0x89, 0x67, 0x6000, 0xffffff80
expect ss, 0
expect ds, 4+3
expect es, 0
expect fs, 0
expect gs, 0
expect rsp, 0x1c0000-40+upper
expect gdtr_base, gdt+upper
expect idtr_base, interrupt_table+upper
expect tr, high_task
expect ldtr, ldt_entry
expect rax, high_task
expect rbx, 7
expect_memory 0x1c0000-40, 8, after
expect_memory 0x1c0000-8, 8, user_data

    mov rax, [page_map_level4]
    mov [page_map_level4 + 0xff8], rax
    gate 0x40, handler, 0xee
    .irp table, "gdt", "idt"
    s\table [0x20000]
    mov dword ptr [0x20006], 0xffffff80
    l\table [0x20000]
    .endr
    mov eax, ldt_entry
    lldt ax
    mov dword ptr [0x6004], 0x1c0000
    mov dword ptr [0x6008], 0xffffff80
    mov eax, high_task
    ltr ax
    enter_user user_code32
    .code32
    mov ebx, 7
    mov ds, ebx
    int 0x40
after:
    .code64
handler:
    hlt

.pushsection .text, 3
local_table:
    raw_descriptor 0xf3
.popsection
