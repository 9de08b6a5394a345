# A TSS too small for the stack of the handler's level: #TS with the selector of the TSS, and EXT (Intel SDM Vol. 2A,
# INT).

.include "x86/prot32/faults.inc"

descriptor code1, 0xbb
descriptor small_task, 0x89, 0x10, 0x6000, 0
ends_in_user_code
expect tr, small_task
expect rax, 0

    gate 0x40, start, 0xee, code1
    gate 5, start, 0x8e, code1
start:
    watch_faults
    mov eax, small_task
    ltr ax
    enter_user
    xor eax, eax
    refused invalid_tss, small_task, int 0x40
    refused invalid_tss, small_task+1, bound eax, [above_zero]
    hlt
above_zero:
    .long 1, 2
