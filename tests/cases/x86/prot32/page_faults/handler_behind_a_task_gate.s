# #PF through a task gate: the error code is pushed onto the new task's stack, and the faulting instruction is what the
# old TSS tells (Intel SDM Vol. 3, 6.12.2 and 6.13). After IRET, which goes back, it is tried again.

.include "x86/prot32/paging/paging.inc"
given gdtr_limit, 0x67
given rbx, window
expect rcx, 0x1111
expect_memory 0x30000, 12, by_user|(window<<32), window
expect_memory task_state_segment+0x20, 4, user_alias+fault

    watch_page_faults 32bit
    mov dword ptr [window_page], 0x1111
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
    mov dword ptr [task_state_segment + 0x1c], page_directory32
    user_allowed "fault: mov ecx, [ebx]"
    finish
on_page_fault:
    pop dword ptr [0x30000]
    mov eax, cr2
    mov [0x30004], eax
    mov eax, [task_state_segment + 0x34]        # EBX of the program.
    mov [0x30008], eax
    mov byte ptr [window_pte], everyone
    iretd
