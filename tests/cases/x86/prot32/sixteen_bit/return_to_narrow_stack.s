# IRETD to CPL 3 with a 16-bit SS loads SP alone: the upper half of ESP remains that of the inner stack, as every
# processor does (Linux works around it with a stack of its own; the Intel SDM's IRET only says that the stack
# pointer is loaded).

.include "x86/prot32/sixteen_bit/sixteen_bit.inc"

given rsp, 0x1e8000
expect cs, 0x63
expect ss, 0x6b
expect cpl, 3
expect rsp, 0x1e2000
expect rax, 0x1e2000
.irp segment, ds, es, fs, gs
expect \segment, 0
.endr

    put_descriptor 0x60, 0x0000ffff, 0x00cffb00
    put_descriptor 0x68, 0x0000ffff, 0x0000f302
    push 0x6b
    push 0x55552000
    push 2
    push 0x63
    push offset user
    iretd
user:
    mov eax, esp
    hlt
