# A task switch that cannot read all of the new TSS, or write all of the old one, faults before the switch: the task
# register and the busy bits are as before (Intel SDM Vol. 3, 7.3).

.include "x86/prot32/paging/paging.inc"
given gdtr_limit, 0x67
expect_memory global_descriptors+0x5d, 1, 0x89
expect_memory global_descriptors+0x65, 1, 0x89

    watch_page_faults 32bit
    mov byte ptr [window_pte + 4], 0
    flush_translations
    # A TSS that goes on in the absent page 1, and one that is there.
    mov dword ptr [global_descriptors + 0x58], (window + 0xfd0) << 16 | 0x67
    mov dword ptr [global_descriptors + 0x5c], 0x00008940
    mov dword ptr [global_descriptors + 0x60], (window + 0x2000) << 16 & 0xffffffff | 0x67
    mov dword ptr [global_descriptors + 0x64], 0x00008940
    refused 0, window+0x1000, "1: ljmp 0x58, 0"
    restarts 1b, 0x1f0000
    refused 0, window+0x1000, "1: lcall 0x58, 0"
    restarts 1b, 0x1f0000
    mov byte ptr [low_table + 6 * 4], present
    flush_translations
    attempt "1: ljmp 0x60, 0"
    ignore_low_byte_of_address
    expect_attempt for_protection|by_write, task_state_segment
    restarts 1b, 0x1f0000
    finish
