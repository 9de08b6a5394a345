# A far CALL whose return address does not fit on the stack is #SS(0), and CS, EIP and ESP stay (Intel SDM Vol. 2A,
# CALL).

.include "x86/prot32/faults.inc"
.set note_prefix, 0x3e

descriptor stack_entry, 0xf3, 0xfff, 0x40000, 4
ends_in_user_code
expect rax, user_data
expect rbx, 4
expect rcx, user_code32

    watch_faults
    enter_user stack_entry+3, 0x1000
    mov esp, 4                              # Room for CS, none for EIP.
    refused stack_fault, 0, lcall user_code32:0
    mov ebx, esp
    mov ecx, cs
    mov eax, user_data
    mov ss, ax
    mov esp, 0x1e0000
    hlt
