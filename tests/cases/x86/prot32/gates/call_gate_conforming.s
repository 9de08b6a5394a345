# CALL through a gate to conforming code of an inner level: CPL and the stack stay, no parameter is copied whatever
# the count (Intel SDM Vol. 3, 5.8.4).

.include "x86/prot32/faults.inc"

descriptor conforming, 0x9f
call_gate to_conforming, conforming, callee, 0xec, 5
ends_in_user_code
expect rax, 0x1e0000-8
expect rcx, conforming+3
expect_memory 0x1e0000-8, 8, (user_code32<<32)+back

    enter_user
    lcall to_conforming:0
back:
    hlt
callee:
    mov ecx, cs
    mov eax, esp
    retf
