# IRET to an outer level treats DS, ES, FS and GS like RETF (Intel SDM Vol. 2A, IRET; Vol. 3, 5.8.6); to CPL 3 data of
# DPL 3 stays, and so does conforming code of DPL 1.

.include "x86/prot32/faults.inc"

descriptor data2, 0xd3
descriptor conforming1, 0xbf
descriptor code3, 0xfb
expect cs, user_code32
expect ss, user_data
expect cpl, 3
expect rsp, 0x1e0000
expect ds, 0
expect es, user_data
expect fs, conforming1+1
expect gs, code3
expect rax, code3

    push user_data
    push 0x1e0000
    push 2
    push user_code32
    push offset outer
    .irp move, "data2+2; mov ds", "user_data; mov es", "conforming1+1; mov fs", "code3; mov gs"
    mov eax, \move, ax
    .endr
    iretd
outer:
    hlt
