# INT n at IOPL 3 without VME goes to the protected-mode handler, the program's interrupt table notwithstanding; a
# trap gate leaves IF set (Intel SDM Vol. 3, 20.3.3.1, method 1).

.include "x86/prot32/virtual8086/virtual8086.inc"

ends_in_program VM|IOPL3|IF
expect rbx, IF|IOPL3|2
expect rdx, after-code_origin

    program_gate 0x21, handler
    mov byte ptr [interrupt_table + 0x21 * 8 + 5], 0xef
    xor eax, eax
    enter_program VM|IOPL3|IF
    int 0x21
after:
    hlt
    .code32
handler:
    pushfd
    pop ebx
    mov edx, [esp]
    iretd
