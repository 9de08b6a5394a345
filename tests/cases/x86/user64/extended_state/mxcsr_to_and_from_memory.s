# LDMXCSR and STMXCSR in code that runs often: rounding and the flags of exceptions come and go, and so does the mask of
# one of them (Intel SDM Vol. 2, LDMXCSR and STMXCSR).

given rcx, 0x20000
expect rdx, 0x1fff
expect rax, 0
expect r8, 0x1d80
expect mxcsr, 0x1d80
expect_memory 0x20000, 4, 0x1d80
expect_memory 0x20008, 16, 0x7fbf, 0x1fa0
expect_memory 0x20018, 16, 0x1fbf, 0x1d80
undefined CF|PF|AF|ZF|SF|OF

    mov eax, 6
again:
    .irp mxcsr, 0x7fbf, 0x1fa0, 0x1fbf
    mov dword ptr [rcx], \mxcsr
    ldmxcsr [rcx]
    .if \mxcsr == 0x7fbf
    stmxcsr [rcx + 8]
    .elseif \mxcsr == 0x1fa0
    vstmxcsr [rcx + 16]
    .else
    stmxcsr [rcx + 24]
    .endif
    .endr
    dec eax
    jnz again
    mov edx, 0x1fff
    mov dword ptr [rcx], 0x1d80                 # Division by zero is unmasked.
    vldmxcsr [rcx]
    stmxcsr [rcx + 32]
    mov r8d, [rcx + 32]
    hlt
