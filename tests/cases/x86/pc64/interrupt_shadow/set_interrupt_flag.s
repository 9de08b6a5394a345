# STI that sets IF lets one more instruction run before an interrupt; POPFQ and IRETQ that set it do not (Intel SDM
# Vol. 2B, STI, and Vol. 3, 6.8.1). With CLI behind STI the interrupt keeps waiting.

.include "x86/pc64/interrupt_shadow/shadow.inc"

    prepare_interrupts
    pending
    sti
    cli
    nop
    sti
    nop
behind_sti:
    cli
    pending
    push IF|2
    popfq
behind_popf:
    cli
    pending
    mov rcx, rsp
    push kernel_data
    push rcx
    push IF|2
    push kernel_code64
    push offset target
    iretq
target:
    cli
    xor ecx, ecx
    xor edx, edx
    taken behind_sti
    taken behind_popf
    taken target
    all_taken
