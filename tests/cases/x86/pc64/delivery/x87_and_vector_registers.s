# A handler finds the x87, MMX and vector registers of what was interrupted, and what it puts there goes on (Intel SDM
# Vol. 3, 6.12.1: delivery saves none of them).

expect rbx, 0
expect_memory 0x20000, 10, 0xb504f333f9de6484, 0x3fff
expect fsw, 0x3820
expect ftw, 0x80
expect st0, 0xd6f5e0cdb8b8175a, 0x4003      # 19 times the root of 2
expect ymm4, 1
expect ymm5, 20

    gate 0x41, handler
    enter_x2apic
    fninit
    fldz
    mov ebx, 20
again:
    self_ipi 0x41
    push IF|2
    popfq
    fld1
    fadd st, st
    fsqrt
    fstp tbyte ptr [0x20000]
    cli
    dec ebx
    jnz again
    clear_scratch
    mov edi, interrupt_log
    finish
handler:
    fld tbyte ptr [0x20000]
    faddp
    mov eax, 1
    movd xmm4, eax
    paddq xmm5, xmm4
    fnsave [0x20100]
    frstor [0x20100]
    write_apic apic_end, 0
    iretq
