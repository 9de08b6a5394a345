# One routine of bytes that mean another thing in each mode runs in 64-bit code, in compatibility mode, and in 64-bit code
# again: 48 is REX.W or DEC EAX (Intel SDM Vol. 2A, 2.2.1).

expect rax, 0x100000002
expect rcx, 0x0fffffff
expect rdx, 0x100000000
expect rbx, 0
undefined CF|PF|AF|ZF|SF|OF

    mov rax, 0xffffffff
    call both
    mov rdx, rax
    push kernel_code32
    push offset narrow
    retfq
back:
    mov rax, 0x100000001
    call both
    xor ebx, ebx
    hlt
both:
    .byte 0x48, 0xff, 0xc0              # inc rax, or dec eax and inc eax
    ret
    .code32
narrow:
    mov eax, 0x0fffffff
    call both
    mov ecx, eax
    ljmp kernel_code64:back
    .code64
