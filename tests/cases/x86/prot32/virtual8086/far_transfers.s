# Far CALL, RET and JMP in virtual-8086 mode take real-mode selectors, whatever the GDT holds for them (Intel SDM
# Vol. 2, CALL, JMP, RET, and Vol. 3, 20.2.1).

.include "x86/prot32/virtual8086/virtual8086.inc"

expect cs, 0x1002
expect ss, program_stack
expect rsp, program_stack_top
expect cpl, 3
expect rflags, VM
expect rax, 0x1001
expect rip, end-code_origin-0x20
expect_memory program_stack_linear-4, 4, (program_code<<16)+back-code_origin

    enter_program VM
    call 0x1001:routine - code_origin - 0x10
back:
    jmp 0x1002:end - code_origin - 0x20
routine:
    mov ax, cs
    mov word ptr [0x1000], 0
    retf
end:
    hlt
