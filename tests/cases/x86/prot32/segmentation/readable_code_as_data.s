# A readable code segment in a data segment register is read-only, also within its limit only (Intel SDM Vol. 3, 5.4).

.include "x86/prot32/faults.inc"

descriptor code, 0x9b, 0xff, 0x20000, 4
expect rax, 0x12345678
expect fs, code
expect_memory 0x20000, 4, 0x12345678

    watch_faults
    mov dword ptr [0x20000], 0x12345678
    mov eax, code
    mov fs, ax
    mov eax, fs:[0]
    refused general_protection, 0, mov fs:[0], ecx
    refused general_protection, 0, mov eax, fs:[0xfd]
    hlt
