# JMP through a 64-bit call gate stays at its level: to inner non-conforming code it is #GP with the code selector, to
# inner conforming code, also from compatibility mode, it goes (Intel SDM Vol. 3, 5.8.4).

.include "x86/long64/faults.inc"

descriptor conforming, 0x9f, 0xfffff, 0, 0xa
call_gate64 to_inner, kernel_code64, start
call_gate64 to_conforming, conforming, arrived
ends_in_user_code conforming+3
expect rax, conforming+3

start:
    watch_faults
    mov dword ptr [0x20004], to_inner
    enter_user
    refused general_protection, kernel_code64, jmp fword ptr [0x20000]
    push user_code32
    push offset narrow
    retfq
    .code32
narrow:
    ljmp to_conforming:0
    .code64
arrived:
    mov eax, cs
    refused general_protection, 0, cli
    hlt
