# A far CALL or JMP to a call gate goes where the gate says: the offset of the instruction is not used, and the RPL of
# the selector in the gate is replaced by CPL. At the same level CS and EIP go to the present stack (Intel SDM Vol. 3,
# 5.8.4).

.include "x86/prot32/faults.inc"

call_gate gate32, kernel_code32+3, callee, 0x8c
expect rcx, kernel_code32
expect rsp, 0x1f0000-8
expect_memory 0x1f0000-8, 8, (kernel_code32<<32)+back

    lcall gate32:0xdeadbeef
back:
    ud2
callee:
    mov ecx, cs
    mov dword ptr [gdt + gate32], offset second - image_start + kernel_code32 * 0x10000
    ljmp gate32:0xdeadbeef
second:
    hlt
