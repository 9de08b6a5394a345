# Of DR6 only B0 to B3, BD, BS and BT can be written, of DR7 neither bit 10, which is one, nor bits 12, 14 and 15 (Intel SDM
# Vol. 3, 17.2; AMD APM Vol. 2, 13.1.1). Bit 11 of both, and bit 16 of DR6, belong to features that are not exposed.

    mov eax, 0xffffffff
    mov dr6, rax
    mov rbx, dr6
    xor eax, eax
    mov dr6, rax
    mov rcx, dr6
    mov eax, 0xf1100000                 # Nothing is enabled.
    mov dr7, rax
    mov rsi, dr7
    mov eax, 0xffffdf00
    mov dr7, rax
    mov rdi, dr7
    hlt

expect rax, 0xffffdf00
expect rbx, 0xffffefff
expect rcx, 0xffff0ff0
expect rsi, 0xf1100400
expect rdi, 0xffff0700
expect rflags, ZF|PF
expect dr6, 0xffff0ff0
