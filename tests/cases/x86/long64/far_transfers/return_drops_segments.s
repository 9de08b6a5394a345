# RETFQ and IRETQ to an outer level null DS, ES, FS and GS where DPL is below the new CPL, conforming code excepted
# (Intel SDM Vol. 3, 5.8.6).

.include "x86/long64/faults.inc"

descriptor conforming0, 0x9f
descriptor data2, 0xd3
expect cs, user_code64
expect ss, user_data
expect cpl, 3
expect rsp, 0x1e0000
expect ds, 0
expect es, user_data
expect fs, conforming0
expect gs, 0
expect rax, data2

    push user_data
    push 0x1e0000
    push user_code64
    push offset outer
    .irp move, "kernel_data; mov ds", "user_data; mov es", "conforming0; mov fs", "data2; mov gs"
    mov eax, \move, eax
    .endr
    retfq
outer:
    hlt
