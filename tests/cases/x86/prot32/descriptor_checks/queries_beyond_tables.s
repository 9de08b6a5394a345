# LAR, LSL, VERR and VERW clear ZF and do nothing for null selectors, with any RPL, and for those beyond the GDT,
# beyond the LDT, and without an LDT (Intel SDM Vol. 2A, LAR).

.include "x86/prot32/faults.inc"

descriptor ldt_entry, 0x82, 7, image+local_table-image_start, 0
descriptor last_entry, 0x93
.set beyond, last_entry + 8
expect rax, 0x55555555
expect ldtr, ldt_entry

.macro unseen selector
    mov ecx, \selector
    .irp query, "lar eax, ecx", "lsl eax, ecx", "verr cx", "verw cx"
    unseen_by \query
    .endr
.endm

.macro unseen_by query:vararg
    cmp eax, eax                            # Sets ZF.
    \query
    jnz .Lunseen\@
    ud2
.Lunseen\@:
.endm

    mov eax, 0x55555555
    .irp selector, 0, 1, 2, 3, beyond, 0xffff, 4, 7
    unseen \selector
    .endr
    mov ecx, ldt_entry
    lldt cx
    .irp selector, 0xc, 0xf, 0xfff4
    unseen \selector
    .endr
    mov ecx, 4
    verw cx                                 # Its first entry is seen.
    jz seen
    ud2
seen:
    xor ecx, ecx
    hlt

.pushsection .text, 3
local_table:
    raw_descriptor 0x93
.popsection
