# An inner stack whose SS has B clear is used by SP alone: the upper half of the TSS's ESP means nothing, and the pushes of
# a call gate and of an interrupt wrap at 64 KiB (Intel SDM Vol. 1, 6.2.3; Vol. 3, 5.8.5).

.include "x86/prot32/faults.inc"

descriptor code1, 0xbb
descriptor stack16, 0xb3, 0xffff, 0x40000, 0
call_gate inner, code1, callee
ends_in_user_code
expect rax, 0xfff8
expect rbx, 0xfff4
expect_memory 0x40000, 8, (user_data<<32)+0x1e0000
expect_memory 0x4fff8, 8, (user_code32<<32)+back
expect_memory 0x30000, 4, after_int

    mov dword ptr [0x600c], 0x5550008       # ESP1
    mov dword ptr [0x6010], stack16 + 1
    gate 0x40, handler, 0xee, code1
    enter_user
    int 0x40
after_int:
    lcall inner:0
back:
    hlt
handler:
    movzx ebx, sp
    mov ecx, ss:[bx]
    mov [0x30000], ecx
    xor ecx, ecx
    iretd
callee:
    movzx eax, sp
    retf
