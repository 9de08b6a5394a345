# A 16-bit IRET with VME and IOPL below 3 returns within the program, moves the image's IF to VIF, and changes
# neither IF nor IOPL; IRETD is #GP(0) (Intel SDM Vol. 3, 20.3.3.5; AMD APM Vol. 3, IRET).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|IF|IOPL1|ZF, program_stack_top-12
expect rax, VM|VIF|IF|IOPL1|NT|CF|2
expect rcx, VM|IF|IOPL1|ZF|2
expect rbx, 0x1001
expect_log 13

    log_faults 13
    show_flags
    enter_program VM|IF|IOPL1
    push IF|IOPL2|NT|CF
    push program_code+1
    push offset first - code_origin - 16
    iret
first:
    mov bx, cs
    flags_to eax
    push IOPL3|ZF
    push program_code
    push offset second - code_origin
    iret
second:
    flags_to ecx
    push dword ptr 0
    push dword ptr program_code
    push dword ptr 0
    try iretd
    hlt
