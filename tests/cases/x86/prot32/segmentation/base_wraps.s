# Base plus offset wraps at 4 GiB (Intel SDM Vol. 3, 3.4), also within one access.

.include "x86/prot32/faults.inc"

descriptor high_base, 0x93, 0xfffff, 0xffff0000
descriptor last_bytes, 0x93, 0xff, 0xfffffffe, 4
expect rax, 0x12345678
expect rbx, 0x9abc0000
expect fs, high_base
expect gs, last_bytes
expect_memory 0x20000, 4, 0x12345678

    mov eax, high_base
    mov fs, ax
    mov dword ptr fs:[0x30000], 0x12345678
    mov eax, ds:[0x20000]
    mov ecx, last_bytes
    mov gs, cx
    mov word ptr ds:[0], 0x9abc
    mov ebx, gs:[0]                     # Two bytes where nothing answers, then those at 0.
    and ebx, 0xffff0000
    mov ecx, 0
    hlt
