# The same with IF set and VIF clear: the image has IF clear, and IF stays set in the handler (Intel SDM Vol. 3,
# table 20-2, method 6).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
expect cs, program_code
expect ss, program_stack
expect rsp, program_stack_top-6
expect rflags, VM|IF|ZF
expect cpl, 3
expect_memory program_stack_linear-2, 2, IOPL3|ZF|2
expect_memory program_stack_linear-4, 2, program_code
expect_memory program_stack_linear-6, 2, after-code_origin

    extend_task_state
    mov word ptr [0xff * 4], offset handler - code_origin
    mov word ptr [0xff * 4 + 2], program_code
    enter_program VM|IF|ZF
    int 0xff
after:
    cld
handler:
    hlt
