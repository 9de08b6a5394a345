# At IOPL 3 a redirected INT n works on IF itself, as in real mode: the image has it as it was, and it is cleared;
# VIF is untouched (Intel SDM Vol. 3, table 20-2, method 5).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|VIF|IOPL3|IF|CF
expect rax, VM|VIF|IOPL3|CF|2
expect rcx, VM|VIF|IOPL3|CF|2
expect_memory program_stack_linear-2, 2, IOPL3|IF|CF|2

    show_flags
    extend_task_state
    mov word ptr [0x21 * 4], offset handler - code_origin
    mov word ptr [0x21 * 4 + 2], program_code
    enter_program VM|VIF|IOPL3|IF|CF
    int 0x21
    hlt
handler:
    flags_to eax
    iret
