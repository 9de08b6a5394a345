# A handler of the same level on a stack without room: #SS(0) for INT n, #SS(1) for an exception (Intel SDM Vol. 2A,
# INT). The handler is conforming, at CPL 3.

.include "x86/prot32/faults.inc"
.set note_prefix, 0x3e

descriptor conforming, 0x9f
descriptor stack_entry, 0xf3, 0xfff, 0x40000, 4
ends_in_user_code
expect rax, user_data

    gate 0x40, handler, 0xee, conforming
    gate 5, handler, 0x8e, conforming
    watch_faults
    enter_user stack_entry+3, 0x1000
    xor eax, eax
    mov esp, 11                             # Room for two of three doublewords.
    refused stack_fault, 0, int 0x40
    refused stack_fault, 1, bound eax, [above_zero]
    mov eax, user_data
    mov ss, ax
    mov esp, 0x1e0000
    hlt
handler:
above_zero:
    .long 1, 2
