# SLDT and STR give a word in memory whatever the operand size, and zero-extend it in a 32-bit register; with 16-bit
# operands the upper half stays (Intel SDM Vol. 2B, SLDT and STR). They work at CPL 3.

.include "x86/prot32/faults.inc"

descriptor ldt_entry, 0x82, 7, 0, 0
ends_in_user_code
expect ldtr, ldt_entry
expect rax, ldt_entry
expect rbx, 0x55550000+ldt_entry
expect rcx, task_state
expect rdx, 0x55550000+task_state
expect_memory 0x20000, 8, ((0xffff0000+task_state)<<32)+0xffff0000+ldt_entry

    mov eax, ldt_entry
    lldt ax
    enter_user
    .irp register, eax, ebx, ecx, edx
    mov \register, 0x55555555
    .endr
    mov dword ptr [0x20000], -1
    mov dword ptr [0x20004], -1
    sldt eax
    sldt bx
    str ecx
    str dx
    sldt [0x20000]
    str [0x20004]
    hlt
