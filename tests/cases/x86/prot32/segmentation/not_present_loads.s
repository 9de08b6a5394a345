# A segment that is not present: #NP with the selector for DS, ES, FS and GS, #SS with it for SS, by MOV, POP and the
# far pointer loads; registers and ESP stay (Intel SDM Vol. 3, 6.15, interrupts 11 and 12).

.include "x86/prot32/faults.inc"

descriptor absent, 0x13
expect rbx, 0x55555555
expect rax, absent

    watch_faults
    mov dword ptr [0x20000], 0x66666666
    mov dword ptr [0x20004], absent
    mov ebx, 0x55555555
    mov eax, absent
    push absent
    .irp register, ds, es, fs, gs
    refused segment_not_present, absent, mov \register, ax
    refused segment_not_present, absent, pop \register
    refused segment_not_present, absent, l\register ebx, [0x20000]
    .endr
    refused stack_fault, absent, mov ss, ax
    refused stack_fault, absent, pop ss
    refused stack_fault, absent, lss ebx, [0x20000]
    add esp, 4
    hlt
