# In 64-bit mode the bases of CS, DS, ES and SS count as 0, and overrides with them mean nothing; the bases of FS and
# GS count (Intel SDM Vol. 3, 3.2.4).

.include "x86/long64/faults.inc"

descriptor based, 0x93, 0xfffff, 0x30000
descriptor based_code, 0x9b, 0xfffff, 0x30000, 0xa
expect ds, based
expect es, based
expect ss, based
expect fs, based
expect gs, based
expect cs, based_code
expect rax, 0x11111111
expect rbx, 0x11111111
expect rcx, 0x11111111
expect rdx, 0x11111111
expect rsi, 0x22222222
expect rdi, 0x22222222
expect rip, end

    mov dword ptr [0x20000], 0x11111111
    mov dword ptr [0x50000], 0x22222222
    mov eax, based
    .irp register, ds, es, ss, fs, gs
    mov \register, eax
    .endr
    push based_code
    push offset here
    retfq
here:
    .irp prefix_and_register, "0x2e; mov eax", "0x36; mov ebx", "0x3e; mov ecx", "0x26; mov edx", "0x64; mov esi", "0x65; mov edi"
    .byte \prefix_and_register, [0x20000]
    .endr
end:
    hlt
