# On the way to an outer level DS, ES, FS and GS become null when they hold data or non-conforming code of a DPL below
# the new CPL; conforming code and what the new level may use stay (Intel SDM Vol. 3, 5.8.6). To CPL 2 by RETF.

.include "x86/prot32/faults.inc"

descriptor data1, 0xb3
descriptor data2, 0xd3
descriptor code0, 0x9b
descriptor conforming0, 0x9f
descriptor code2, 0xdb
faults breakpoint, after
expect cs, code2+2
expect ss, data2+2
expect cpl, 2
expect rsp, 0x1e0000
expect ds, 0
expect es, 0
expect fs, conforming0
expect gs, data2+1
expect rax, data2+1

    push data2+2
    push 0x1e0000
    push code2+2
    push offset outer
    .irp move, "data1; mov ds", "code0; mov es", "conforming0; mov fs", "data2+1; mov gs"
    mov eax, \move, ax
    .endr
    retf
outer:
    int3
after:
