# The other way round: STI sets VIF though IF is clear, and CLI with VIF clear leaves IF set alone. With IOPL 3 VME
# changes nothing: they act on IF (Intel SDM Vol. 3, 20.3.2).

.include "x86/prot32/virtual8086/virtual8086.inc"

given cr4, cr4_without_vme|VME
ends_in_program VM|VIF|IOPL3
expect rax, VM|VIF|2
expect rbx, VM|VIF|IOPL3|IF|2
expect rcx, VM|VIF|IOPL3|2

    show_flags
    program_gate 3, second
    enter_program VM
    sti
    flags_to eax
    int3
    .code32
second:
    enter_program VM|VIF|IOPL3
    sti
    flags_to ebx
    cli
    flags_to ecx
    hlt
