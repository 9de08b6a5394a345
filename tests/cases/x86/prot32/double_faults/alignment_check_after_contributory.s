# #AC is benign: raised by the frame of #GP on a misaligned stack of CPL 3, where a conforming handler leaves it, it is delivered
# itself and makes no #DF (Intel SDM Vol. 3, tables 6-4 and 6-5; Vol. 2A, INT n, knows #AC of pushes).

.include "x86/prot32/faults.inc"

descriptor conforming, 0x9f
expect cr0, 0x50033
expect rsp, 0x7000-24
expect ss, kernel_data
expect ds, user_data
expect es, user_data
expect fs, 0
expect gs, 0
expect rflags, AC
expect rbx, 0x20000
expect_memory 0x7000-20, 4, fault
expect_memory 0x7000-8, 4, 0x1e0002

    gate general_protection, conformed, 0x8e, conforming
    gate 17, misaligned
    mov eax, 0x50033                        # AM
    mov cr0, eax
    push AC|2
    popfd
    enter_user
    mov esp, 0x1e0002
    xor eax, eax
    mov ebx, 0x20000
fault:
    cli
    ud2
.pushsection .text, 3
conformed:
    ud2
misaligned:
    hlt
.popsection
