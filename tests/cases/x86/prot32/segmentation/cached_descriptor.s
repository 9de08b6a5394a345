# A segment register keeps what it was loaded with: a change of its descriptor shows only in the next load
# (Intel SDM Vol. 3, 3.4.3).

.include "x86/prot32/faults.inc"

descriptor changing, 0x93, 0xfff, 0x20000, 4
expect fs, changing
expect gs, changing
expect rax, changing
expect rbx, 0x11111111
expect rcx, 0x22222222

    watch_faults
    mov eax, changing
    mov fs, ax
    mov dword ptr [0x20000], 0x11111111
    mov dword ptr [0x30000], 0x22222222
    mov byte ptr [gdt+changing+4], 3        # The base becomes 30000H, and the limit 1FH.
    mov word ptr [gdt+changing], 0x1f
    mov gs, ax
    mov byte ptr [gdt+changing+5], 0        # And now it is no segment at all.
    mov ebx, fs:[0]
    mov edx, fs:[0xffc]
    mov ecx, gs:[0]
    refused general_protection, 0, mov edx, gs:[0x1d]
    hlt
