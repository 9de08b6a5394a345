# A redirection bitmap that ends beyond the TSS's limit: #GP(0) at any IOPL for vectors whose bit cannot be read
# (AMD APM Vol. 3, INT n, reads it through the TSS's limit; the Intel SDM is silent; so does Bochs).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|IOPL3
expect rbx, 1
expect_log 13

    log_faults 13
    .irp vector, 0x37, 0x38
    program_gate \vector, 0x500 + \vector
    mov word ptr [\vector * 4], offset handler - code_origin
    mov word ptr [\vector * 4 + 2], program_code
    .endr
    extend_task_state 0x6e              # the byte of vectors 30 to 37 is the last
    enter_program VM|IOPL3
    int 0x37
    try int 0x38
    hlt
handler:
    inc bx
    iret
