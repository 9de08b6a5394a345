# A TSS too small to hold the stack of a 64-bit call gate's level is #TS with the selector of the TSS (Intel SDM Vol.
# 2A, CALL).

.include "x86/long64/faults.inc"

descriptor code1, 0xbb, 0xfffff, 0, 0xa
system_descriptor small_task, 0x89, 0x12, 0x6000
call_gate64 gate64, code1, start
ends_in_user_code
expect tr, small_task
expect rax, small_task

start:
    watch_faults
    mov dword ptr [0x600c], 0x8000          # RSP1, whose last byte is beyond.
    mov dword ptr [0x20004], gate64
    mov eax, small_task
    ltr ax
    enter_user
    refused invalid_tss, small_task, call fword ptr [0x20000]
    hlt
