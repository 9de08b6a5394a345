# 64-bit mode checks neither limit nor type in a data access: not with read-only data, code, an expand-down segment or
# FS with a limit of 0 (Intel SDM Vol. 3, 5.3.1 and 5.4.1.1).

.include "x86/long64/faults.inc"

descriptor read_only, 0x91, 0, 0x20000, 4
descriptor execute_only, 0x99, 0, 0, 0xa
descriptor downward, 0x97, 0xfffff, 0x20000
descriptor code, 0x9b, 0, 0x20000, 4
expect ds, read_only
expect es, code
expect fs, read_only
expect gs, downward
expect cs, execute_only
expect rax, 0x44444444
expect rbx, downward
expect_memory 0x20100, 16, 0x2222222211111111, 0x4444444433333333

    .irp move, "read_only; mov ds", "code; mov es", "read_only; mov fs", "downward; mov gs"
    mov ebx, \move, ebx
    .endr
    mov dword ptr fs:[0x100], 0x11111111
    mov dword ptr gs:[0x104], 0x22222222
    mov dword ptr ds:[0x20108], 0x33333333
    mov edi, 0x2010c
    mov eax, 0x44444444
    stosd                                   # Through ES
    xor edi, edi
    push execute_only
    push offset unreadable
    retfq
unreadable:
    .byte 0x2e
    mov eax, [0x2010c]
    hlt
