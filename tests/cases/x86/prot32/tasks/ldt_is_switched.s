# A switch loads LDTR from the new TSS first, so that the new task's segments may come from its LDT; the old TSS's
# field is not written, and IRET brings the old LDT back from there (Intel SDM Vol. 3, 7.3 and 7.2.1).

.include "x86/prot32/tasks/task.inc"

descriptor old_ldt, 0x82, 7, image+old_table-image_start, 0
descriptor new_ldt, 0x82, 23, image+new_table-image_start, 0
task other, there, cs=4, ds=12, ss=20, ldt=new_ldt
expect fs, 4
expect ldtr, old_ldt
expect cr0, 0x10033+TS
expect rax, 0x44444444
expect_memory 0x20000, 4, 0x44444444
expect_memory 0x30000, 4, 0x22222222
expect_memory 0x30004, 2, new_ldt

    mov word ptr [first_tss + tss_ldt], old_ldt
    mov dword ptr [0x20000], 0x44444444
    mov eax, old_ldt
    lldt ax
    mov eax, 4
    mov fs, ax
    lcall other:0
    mov eax, fs:[0]
    hlt
there:
    mov dword ptr [0], 0x22222222           # The base of DS is 30000H.
    sldt [4]
    iretd

.pushsection .text, 3
old_table:
    raw_descriptor 0x93, 0xfffff, 0x20000
new_table:
    raw_descriptor 0x9b
    raw_descriptor 0x93, 0xfffff, 0x30000
    raw_descriptor 0x93
.popsection
