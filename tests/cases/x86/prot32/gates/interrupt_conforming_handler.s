# A handler in conforming code runs at the CPL of the program, on its stack, whatever the DPL of the segment (Intel
# SDM Vol. 3, 6.12.1.1). Without change of level neither SS nor ESP is pushed.

.include "x86/prot32/faults.inc"

descriptor conforming, 0x9f
ends_in_user_code
expect rax, 0x1e0000-12
expect rbx, conforming+3
expect_memory 0x1e0000-12, 8, (user_code32<<32)+back

    gate 0x40, handler, 0xee, conforming
    watch_faults
    enter_user
    int 0x40
back:
    hlt
handler:
    mov eax, esp
    mov ebx, cs
    iretd
