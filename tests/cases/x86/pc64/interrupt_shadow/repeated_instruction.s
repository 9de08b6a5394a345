# The shadow of STI ends with the first iteration of a repeated instruction: the interrupt is taken then, and returns to the
# instruction with the rest of the count (Intel SDM Vol. 2B, STI and REP).

.include "x86/pc64/interrupt_shadow/shadow.inc"

    prepare_interrupts
    gate 0x40, note_count
    pending
    mov edi, 0x28000
    mov esi, 0x29000
    mov ecx, 0x100
    sti
    rep movsb
    cli
    expect rcx, 0
    expect r8, 0xff
    expect r9, 1
    expect rdi, 0x28100
    expect rsi, 0x29100
    finish
note_count:
    mov r8, rcx
    inc r9
    push rax
    push rcx
    push rdx
    write_apic apic_end, 0
    pop rdx
    pop rcx
    pop rax
    iretq
