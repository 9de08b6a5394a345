# What goes beyond a limit through SS is #SS(0): PUSH and POP, an address with EBP or ESP, an SS override. With
# another segment the same addresses are #GP(0) (Intel SDM Vol. 3, 6.15, interrupt 12).

.include "x86/prot32/faults.inc"
.set note_prefix, 0x3e

descriptor stack_entry, 0xf3, 0xfff, 0x40000, 4
.set small_stack, stack_entry + 3
ends_in_user_code
expect rax, user_data
expect_memory 0x40ffc, 8, 0x5a5a5a5a

    watch_faults
    enter_user small_stack, 0x1000
    push 0x5a5a5a5a
    pop eax
    refused stack_fault, 0, pop eax
    mov esp, 0x1001
    refused stack_fault, 0, pop ax
    mov esp, 2
    refused stack_fault, 0, push eax
    refused stack_fault, 0, call 0x10000
    mov esp, 0x1000
    mov ebp, 0xffd
    refused stack_fault, 0, mov eax, [ebp]
    refused stack_fault, 0, mov eax, [esp + 0]
    refused stack_fault, 0, mov eax, ss:[0xffd]
    refused stack_fault, 0, leave
    mov eax, small_stack
    mov es, ax
    refused general_protection, 0, mov eax, es:[ebp]
    refused general_protection, 0, mov eax, es:[esp]
    xor ebp, ebp
    mov eax, user_data
    mov es, ax
    mov ss, ax
    mov esp, 0x1e0000
    hlt
