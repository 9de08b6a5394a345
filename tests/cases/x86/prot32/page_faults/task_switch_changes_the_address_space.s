# A task switch loads CR3 from the new TSS, and drops what was cached (Intel SDM Vol. 3, 7.3 and 4.10.4.1).

.include "x86/prot32/paging/paging.inc"
given gdtr_limit, 0x67
given rbx, window
expect rcx, 0x2222
expect rdx, 0x1111
expect tr, 0x58

    watch_page_faults 32bit
    mov dword ptr [window_page], 0x1111
    mov dword ptr [window_page + 0x1000], 0x2222
    mov dword ptr [0x24000], low_table + present + writable
    mov dword ptr [0x24004], 0x25000 + everyone
    mov dword ptr [0x25000], window_page + 0x1000 + everyone
    mov dword ptr [global_descriptors + 0x58], 0xe0000067
    mov dword ptr [global_descriptors + 0x5c], 0x00008902
    mov dword ptr [0x2e01c], 0x24000
    mov dword ptr [0x2e020], offset in_new_task
    mov dword ptr [0x2e034], window
    mov dword ptr [0x2e038], 0x1f0000
    .irp offset, 0x48, 0x50, 0x54, 0x58, 0x5c
    mov dword ptr [0x2e000 + \offset], kernel_data
    .endr
    mov dword ptr [0x2e04c], kernel_code32
    mov ecx, [ebx]
    mov [0x2e030], ecx                          # EDX of the new task.
    ljmp 0x58, 0
in_new_task:
    mov ecx, [ebx]
    finish
