# An interrupt of a virtual-8086 program pushes nine doublewords; when the last of them cannot be pushed the fault is at
# the interrupted instruction, and the program's segments are still its own, here in the TSS that the task gate of #PF
# saves it to, with RF as for every fault (Intel SDM Vol. 3, 20.3.1 and 17.3.1.1).

.include "x86/prot32/paging/paging.inc"
given gdtr_limit, 0x67
expect cr0, 0x8001003b
expect cr2, window+0xffc
expect cr3, page_directory32
expect cr4, 0x40600
expect tr, 0x58
expect rsp, 0x2f000-4
expect rflags, NT
expect_memory 0x2f000-4, 4, by_write
expect_memory task_state_segment+0x20, 8, fault-0x10000+(0x30002<<32)
expect_memory task_state_segment+0x4c, 2, 0x1000
expect_memory task_state_segment+0x48, 2, 0xffff

# try_virtual8086 INSTRUCTION: with DS 0 and ES FFFF.
.macro try_virtual8086 instruction
    prepare_attempt .Lresume\@
    .irp selector, 0, 0, 0, 0xffff, 0x1000
    push \selector
    .endr
    push 0x8000
    push 0x20002
    push 0x1000
    push offset .Lprogram\@ - 0x10000
    iretd
    .code16
.Lprogram\@:
    \instruction
    int3
    .code32
.Lresume\@:
.endm

    watch_page_faults 32bit
    mov byte ptr [page_directory32], everyone
    mov dword ptr [task_state_segment + 4], window + 0x1020     # Eight doublewords are in page 1.
    mov byte ptr [window_pte], 0
    flush_translations
    mov dword ptr [global_descriptors + 0x58], 0xe0000067
    mov dword ptr [global_descriptors + 0x5c], 0x00008902
    mov word ptr [interrupt_table + page_fault * 8 + 2], 0x58
    mov byte ptr [interrupt_table + page_fault * 8 + 5], 0x85
    mov dword ptr [0x2e01c], page_directory32
    mov dword ptr [0x2e020], offset on_page_fault
    mov dword ptr [0x2e038], 0x2f000
    .irp offset, 0x48, 0x50, 0x54, 0x58, 0x5c
    mov dword ptr [0x2e000 + \offset], kernel_data
    .endr
    mov dword ptr [0x2e04c], kernel_code32
    try_virtual8086 "fault: int3"
on_page_fault:
    hlt
