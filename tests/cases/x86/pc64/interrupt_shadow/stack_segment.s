# MOV to SS holds off an interrupt for one instruction more, LSS does not (Intel SDM Vol. 3, 6.8.3).

.include "x86/pc64/interrupt_shadow/shadow.inc"

    prepare_interrupts
    mov ebx, kernel_data
    pending
    sti
    mov ss, ebx                             # In the shadow of STI, and throws its own.
    nop
behind_shadow:
    cli
    pending
    sti
    lss esp, [rip + pointer]
behind_lss:
    cli
    pending
    sti
    mov ds, ebx
behind_ds:
    xor ebx, ebx
    xor ecx, ecx
    xor edx, edx
    taken behind_shadow
    taken behind_lss
    taken behind_ds
    all_taken
pointer:
    .long 0x1f0000
    .word kernel_data
