# A fault in virtual-8086 mode switches to the stack of the TSS and pushes GS, FS, DS and ES below SS, ESP, EFLAGS
# with VM, CS, EIP and the error code. The handler runs at CPL 0 with VM, RF, NT, TF and (interrupt gate) IF clear
# (Intel SDM Vol. 3, 20.3.1.1).

.include "x86/prot32/virtual8086/virtual8086.inc"

expect cs, kernel_code32
expect ss, kernel_data
.irp segment, ds, es, fs, gs
expect \segment, 0
.endr
expect rsp, 0x7000-44
expect rflags, IOPL3|AC|CF
expect rax, IOPL3|AC|CF|2
expect rip, end
expect_memory 0x7000-4, 4, 0x4444
expect_memory 0x7000-8, 4, 0x3333
expect_memory 0x7000-12, 4, 0x2222
expect_memory 0x7000-16, 4, 0x1111
expect_memory 0x7000-20, 4, program_stack
expect_memory 0x7000-24, 4, 0xabcd0ff0
expect_memory 0x7000-28, 4, VM|RF|IOPL3|NT|AC|IF|CF|2
expect_memory 0x7000-32, 4, program_code
expect_memory 0x7000-36, 4, fault-code_origin
expect_memory 0x7000-40, 4, 0
expect_memory 0x7000-44, 4, 0x77

    program_gate 13, handler
    .irp value, 0x4444, 0x3333, 0x2222, 0x1111, program_stack, 0xabcd0ff0, VM|IOPL3|NT|AC|IF|CF, program_code
    push \value
    .endr
    push offset fault - code_origin
    iretd
    .code16
fault:
    hlt
    .code32
handler:
    push 0x77
    pushfd
    pop eax
end:
    hlt
