# INT n with VME, IOPL below 3 and a clear bit in the redirection bitmap goes to the program's own handler: the
# image that it pushes has VIF in the place of IF and IOPL 3; VIF and TF are cleared, IF is not (Intel SDM Vol. 3,
# table 20-2, method 6).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|VIF|IOPL1|CF|NT
expect rax, VM|IOPL1|CF|NT|2
expect rcx, VM|IOPL1|CF|NT|2
expect rdx, after-code_origin
expect rbx, program_code
expect rsi, IOPL3|IF|CF|NT|2
expect rsp, program_stack_top

    show_flags
    extend_task_state
    mov word ptr [0x21 * 4], offset handler - code_origin - 16
    mov word ptr [0x21 * 4 + 2], program_code + 1
    enter_program VM|VIF|IOPL1|CF|NT
    int 0x21
after:
    hlt
handler:
    flags_to eax
    pop dx
    pop bx
    pop si
    push si
    push bx
    push dx
    iret
