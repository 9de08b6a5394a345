# SS takes no null selector, at any privilege level and with any instruction: #GP(0) (Intel SDM Vol. 2B, MOV; Vol. 3,
# 5.7).

.include "x86/prot32/faults.inc"

ends_in_user_code
expect rax, 3

    watch_faults
    .irp selector, 0, 1, 2, 3
    mov eax, \selector
    refused general_protection, 0, mov ss, ax
    .endr
    enter_user
    .irp selector, 0, 1, 2, 3
    mov eax, \selector
    refused general_protection, 0, mov ss, ax
    push \selector
    refused general_protection, 0, pop ss
    pop edx
    mov dword ptr [0x20004], \selector
    refused general_protection, 0, lss esp, [0x20000]
    .endr
    xor edx, edx
    hlt
