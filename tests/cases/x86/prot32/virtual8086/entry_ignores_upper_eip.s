# IRETD into virtual-8086 mode takes the low half of EIP from the frame, and all of ESP. The Intel SDM's IRET (Vol. 2A)
# both masks EIP and speaks of #GP beyond the limit of CS; Bochs, whose authors tried it on processors, masks.

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM, 0xabcd1000
expect rax, 0x1234
expect rip, end-code_origin
expect_memory program_stack_linear-2, 2, 0x1234

    .irp value, kernel_data, kernel_data, kernel_data, kernel_data, program_stack, 0xabcd1000, VM, program_code
    push \value
    .endr
    push offset program - code_origin + 0x55550000
    iretd
    .code16
program:
    mov ax, 0x1234
    push ax
    pop ax
end:
    hlt
