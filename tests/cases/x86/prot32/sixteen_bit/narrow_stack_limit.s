# On a 16-bit stack of a program at CPL 3, SP wraps within 64 KiB, and what does not fit in one piece is #SS(0) with
# SP as it was (Intel SDM Vol. 1, 6.2; Vol. 3, 5.3).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

expect cs, 0x63
expect ss, 0x6b
expect cpl, 3
expect rsp, 0x0001
expect rax, 0x0002
expect rcx, 0x0002
expect rdx, 0xfffc
expect rflags, 2
.irp segment, ds, es, fs, gs
expect \segment, 0
.endr
expect_log 12, 12, 12

    log_faults 12
    put_descriptor 0x60, 0x0000ffff, 0x00cffb00
    put_descriptor 0x68, 0x0000ffff, 0x0000f302         # 16-bit, at 20000
    mov esp, 0x7000
    push 0x6b
    push 2
    push 2
    push 0x63
    push offset user
    iretd
user:
    try push eax
    mov eax, esp
    mov sp, 0xfffe
    try pop ecx
    mov sp, 0
    push 2
    mov edx, esp
    pop ecx
    mov sp, 1
    try push ax
    hlt
