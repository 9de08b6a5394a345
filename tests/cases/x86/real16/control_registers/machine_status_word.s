# LMSW enters protected mode by setting PE, and cannot leave it again; MOV to CR0 can (Intel SDM Vol. 2A, LMSW; Vol. 3,
# 9.9.2).

expect rax, 0x60000010
expect rbx, 0x60000011
expect rcx, 0x60000011
expect cr0, 0x60000010
expect rsi, 0x11
undefined CF|OF|SF|ZF|AF|PF

    mov ax, 1
    lmsw ax
    mov ebx, cr0
    xor ax, ax
    lmsw ax
    mov ecx, cr0
    smsw si
    mov eax, ecx
    and al, 0xfe
    mov cr0, eax
    hlt
