# 64-bit mode takes a null SS below CPL 3 when its RPL is CPL: #GP(0) with another RPL, at CPL 3, and in compatibility
# mode (Intel SDM Vol. 2B, MOV; Vol. 3, 6.15, interrupt 13).

.include "x86/long64/faults.inc"

ends_in_user_code
expect rax, 3

    watch_faults
    xor eax, eax
    mov ss, eax
    push rax                                # It may be used.
    pop rax
    mov ecx, ss
    holds ecx, 0
    .irp selector, 1, 2, 3
    mov eax, \selector
    refused general_protection, 0, mov ss, eax
    .endr
    mov eax, kernel_data
    mov ss, eax
    push kernel_code32
    push offset narrow
    retfq
    .code32
narrow:
    xor eax, eax
    refused general_protection, 0, mov ss, eax
    ljmp kernel_code64:wide
    .code64
wide:
    enter_user
    .irp selector, 0, 1, 2, 3
    mov eax, \selector
    refused general_protection, 0, mov ss, eax
    .endr
    hlt
