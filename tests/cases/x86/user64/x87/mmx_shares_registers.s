# MMX registers are the significands of the x87 registers by their physical numbers. An MMX instruction makes TOP zero and
# all registers valid, and sets sign and exponent of the one that it writes (Intel SDM Vol. 1, 9.2.1 and 9.5.1). CPUID in
# between is no reason to forget any of it.

given rbx, 0x20000
expect rbx, 0x20000
expect rax, 1
expect rflags, PF|ZF|2
expect rcx, 0x100000003
expect fsw, 0
expect ftw, 0xff
expect st7, 0x8000000000000000, 0x3fff
expect st6, 0xc90fdaa22168c235, 0x4000
expect st2, 0x0000000200000001, 0xffff
expect st3, 0x0000000300000003, 0xffff
expect ymm9, 0x0000000300000003
expect ymm10, 0x400000003f800000
expect_memory 0x20008, 8, 0xc90fdaa22168c235

    .macro serialize
    push rbx
    push rcx
    xor eax, eax
    cpuid
    pop rcx
    pop rbx
    .endm
    fld1
    fldpi
    serialize
    movq [rbx + 8], mm6
    mov rcx, 0x0000000200000001
    movq mm2, rcx
    serialize
    pshufw mm3, mm2, 0x4e
    paddd mm3, mm2
    serialize
    xorps xmm10, xmm10
    movq2dq xmm9, mm3
    cvtpi2ps xmm10, mm2
    movdq2q mm3, xmm9
    serialize
    mov eax, 1
    mov rcx, 0x100000003
    xor edx, edx
    fwait
    hlt
