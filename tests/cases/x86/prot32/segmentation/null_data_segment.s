# Null selectors, with any RPL, may be loaded into DS, ES, FS and GS; an access through them is then #GP(0)
# (Intel SDM Vol. 3, 3.4.2 and 5.4.1).

.include "x86/prot32/faults.inc"

expect ds, 0
expect es, 1
expect fs, 2
expect gs, 3
expect rax, 3

    watch_faults
    .irp register, gs, fs, es, ds
    mov eax, 3
    .irp selector, 3, 2, 1, 0
    mov al, \selector
    mov \register, ax
    refused general_protection, 0, mov cl, \register:[0x20000]
    refused general_protection, 0, mov byte ptr \register:[0x20000], 1
    .endr
    .endr
    mov al, 3
    mov gs, ax
    mov al, 2
    mov fs, ax
    mov al, 1
    mov es, ax
    mov al, 3
    hlt
