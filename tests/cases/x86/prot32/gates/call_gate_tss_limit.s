# A TSS too small to hold the stack of the new level is #TS with the selector of the TSS (Intel SDM Vol. 2A, CALL).

.include "x86/prot32/faults.inc"

descriptor code1, 0xbb
descriptor small_task, 0x89, 0x10, 0x6000, 0
call_gate inner, code1+1, start
ends_in_user_code
expect tr, small_task
expect rax, small_task

start:
    watch_faults
    mov dword ptr [0x600c], 0x8000
    mov dword ptr [0x6010], kernel_data
    mov eax, small_task                     # ESP1 is within the limit, SS1 is not quite.
    ltr ax
    enter_user
    refused invalid_tss, small_task, lcall inner:0
    hlt
