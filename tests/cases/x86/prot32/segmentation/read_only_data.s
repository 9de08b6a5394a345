# A data segment whose W is clear may be read, and every write is #GP(0), that of a read-modify-write, a string store
# and a store that would not change anything included (Intel SDM Vol. 3, 5.4).

.include "x86/prot32/faults.inc"

descriptor read_only, 0x91
expect rax, 0x12345678
expect rcx, 1
expect rdi, 0x20000
expect es, read_only
expect fs, read_only
expect_memory 0x20000, 4, 0x12345678

    watch_faults
    mov dword ptr [0x20000], 0x12345678
    mov eax, read_only
    mov fs, ax
    mov es, ax
    mov edi, 0x20000
    mov ecx, 1
    mov eax, fs:[0x20000]
    refused general_protection, 0, mov fs:[0x20000], eax
    refused general_protection, 0, mov byte ptr fs:[0x20000], 0x78
    refused general_protection, 0, add dword ptr fs:[0x20000], 0
    refused general_protection, 0, xchg fs:[0x20000], eax
    refused general_protection, 0, lock cmpxchg fs:[0x20000], ecx
    refused general_protection, 0, stosd
    refused general_protection, 0, rep stosb
    refused general_protection, 0, sgdt fs:[0x20000]
    refused general_protection, 0, pop dword ptr fs:[0x20000]
    hlt
