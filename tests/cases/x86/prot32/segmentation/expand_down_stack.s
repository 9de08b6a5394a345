# A stack in an expand-down segment: #SS(0) once a push would reach the limit or below; ESP stays (Intel SDM Vol. 3,
# 3.4.5.1).

.include "x86/prot32/faults.inc"
.set note_prefix, 0x3e

descriptor stack_entry, 0xf7, 0xfff, 0x40000, 4
.set downward_stack, stack_entry + 3
ends_in_user_code
expect rax, user_data
expect rbx, 0x1000
expect_memory 0x40ffc, 8, 0x1111111100000000

    watch_faults
    enter_user downward_stack, 0x1004
    push 0x11111111
    refused stack_fault, 0, push 0x22222222
    refused stack_fault, 0, pushw 0x2222
    refused stack_fault, 0, pusha
    mov ebx, esp
    mov eax, user_data
    mov ss, ax
    mov esp, 0x1e0000
    hlt
