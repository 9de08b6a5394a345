# The x87 rounds as its control word says, conversions to MMX registers and SSE as MXCSR does, and each notes its exceptions
# with itself (Intel SDM Vol. 1, 8.1.5 and 10.2.3).

given fcw, 0x77f                # Down
given mxcsr, 0x5f80             # Up
given rbx, 0x20000
expect rflags, PF|ZF|2
expect mxcsr, 0x5fa0
expect fcw, 0xf7f               # Toward zero
expect fsw, 0x20
expect ftw, 0xff
expect st0, 0xfffffffe00000003, 0xffff
expect ymm0, 0xbfe0000000000000
expect_memory 0x20010, 4, 0xfffffffd
expect_memory 0x20014, 4, 0xfffffffe
expect_memory 0x20018, 4, 0xfffffffe

    mov dword ptr [rbx], 0x40200000             # 2.5
    mov dword ptr [rbx + 4], 0xc0200000         # -2.5
    mov word ptr [rbx + 8], 0xf7f
    fld dword ptr [rbx + 4]
    fist dword ptr [rbx + 16]
    fldcw [rbx + 8]
    fist dword ptr [rbx + 20]
    fstp st
    fld dword ptr [rbx + 4]
    fistp dword ptr [rbx + 24]
    cvtps2pi mm0, qword ptr [rbx]
    mov rax, 0xbfe0000000000000
    movq xmm0, rax
    xor eax, eax
    hlt
