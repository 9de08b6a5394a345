# When neither an interrupt nor the page fault that it raises can be pushed onto the inner stack, #DF comes, and a task
# gate lets it have a stack: its TSS keeps the program as it was, CR2 tells the last fault (Intel SDM Vol. 3, 6.15,
# interrupt 8).

.include "x86/prot32/paging/paging.inc"
given gdtr_limit, 0x67
expect tr, 0x58
expect cr2, window+0x1ffc
expect cr0, 0x8001003b
expect cr3, page_directory32
expect cr4, 0x40600
expect rsp, 0x2f000-4
expect rflags, NT
expect_memory 0x2f000-4, 4, 0
expect_memory 0x2e000, 2, task_state
expect_memory task_state_segment+0x20, 4, user_alias+fault
expect_memory task_state_segment+0x38, 4, user_alias+0x1e0000
expect_memory task_state_segment+0x4c, 2, user_code32
expect_memory global_descriptors+0x5d, 1, 0x8b

    watch_page_faults 32bit
    mov dword ptr [task_state_segment + 4], window + 0x2000     # ESP0.
    mov byte ptr [window_pte + 4], 0
    flush_translations
    mov dword ptr [global_descriptors + 0x58], 0xe0000067
    mov dword ptr [global_descriptors + 0x5c], 0x00008902
    mov word ptr [interrupt_table + 8 * 8 + 2], 0x58
    mov byte ptr [interrupt_table + 8 * 8 + 5], 0x85
    mov dword ptr [0x2e01c], page_directory32
    mov dword ptr [0x2e020], offset on_double_fault
    mov dword ptr [0x2e038], 0x2f000
    .irp offset, 0x48, 0x50, 0x54, 0x58, 0x5c
    mov dword ptr [0x2e000 + \offset], kernel_data
    .endr
    mov dword ptr [0x2e04c], kernel_code32
    user_attempt "fault: int3"
on_double_fault:
    hlt
