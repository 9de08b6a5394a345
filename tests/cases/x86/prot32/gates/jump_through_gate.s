# JMP through a call gate never changes the level: to inner non-conforming code it is #GP with the code selector, to
# inner conforming code it goes on at the same CPL (Intel SDM Vol. 3, 5.8.4).

.include "x86/prot32/faults.inc"

descriptor conforming, 0x9f
call_gate to_inner, kernel_code32, start
call_gate to_conforming, conforming, arrived
call_gate to_user, user_code32, arrived_again
ends_in_user_code
expect rcx, conforming+3

start:
    watch_faults
    enter_user
    refused general_protection, kernel_code32, ljmp to_inner:0
    ljmp to_conforming:0
arrived:
    mov ecx, cs
    refused general_protection, 0, cli
    ljmp to_user:0
arrived_again:
    hlt
