# A code segment whose R is clear is executed, but a read through CS is #GP(0); so is a write to any code segment
# (Intel SDM Vol. 3, 5.4 and 3.4.5.1).

.include "x86/prot32/faults.inc"

descriptor execute_only, 0x99
expect cs, execute_only
expect rax, 0x12345678

    watch_faults
    mov dword ptr [0x20000], 0x12345678
    mov eax, cs:[0x20000]
    refused general_protection, 0, mov cs:[0x20000], eax
    refused general_protection, 0, inc dword ptr cs:[0x20000]
    ljmp execute_only:unreadable
unreadable:
    refused general_protection, 0, mov ecx, cs:[0x20000]
    refused general_protection, 0, cmp byte ptr cs:[0x20000], 0
    refused general_protection, 0, mov cs:[0x20000], eax
    hlt
