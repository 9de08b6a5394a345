# An interrupt from CPL 3 reads the IDT, the GDT and the TSS, whose pages become accessed and not dirty, and pushes its
# frame, which makes the stack's page dirty. All may be the supervisor's alone (Intel SDM Vol. 3, 4.6.1, 4.8 and
# 6.12.1).

.include "x86/long64/paging/paging.inc"
expect_memory window_pte, 1, present|accessed
expect_memory window_pte+8, 1, present|accessed
expect_memory window_pte+16, 1, present|accessed
expect_memory window_pte+24, 1, present|writable|accessed|dirty

    watch_page_faults
    mov dword ptr [window_pte], 0x1000 + present
    mov dword ptr [window_pte + 8], present
    mov dword ptr [window_pte + 16], 0x6000 + present
    mov byte ptr [window_pte + 24], present|writable
    mov dword ptr [task_state_segment + 4], 0x4000
    mov dword ptr [task_state_segment + 8], window >> 32
    mov word ptr [global_descriptors + 0x4a], 0x2000
    mov byte ptr [global_descriptors + 0x4d], 0x89
    mov dword ptr [global_descriptors + 0x50], window >> 32
    push task_state
    ltr [rsp]
    lea rsp, [rsp + 8]
    lgdt [rip + descriptors]
    lidt [rip + interrupts]
    user_allowed "nop"
    finish
interrupts:
    .word 0xfff
    .quad window
descriptors:
    .word 0x57
    .quad window + 0x1000 + global_descriptors
