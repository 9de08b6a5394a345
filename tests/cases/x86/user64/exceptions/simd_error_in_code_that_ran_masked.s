# An instruction that has run with its exception masked raises it once MXCSR unmasks it, also when the code that gets there
# has not run before (Intel SDM Vol. 1, 11.5.2).

given mxcsr, 0x1f80
given ymm0, 0x3f800000                          # 1.0
expect ymm2, 0x3f800000
expect mxcsr, 0x1d84
expect rcx, 0
expect rsp, 0x1efff8
expect_memory 0x1effe0, 4, 0x1d80
faults simd_error, fault
undefined CF|PF|AF|ZF|SF|OF

    mov dword ptr [rsp - 32], 0x1d80            # Division by zero is unmasked.
    mov ecx, 6
masked:
    movaps xmm2, xmm0
    call divide
    dec ecx
    jnz masked
    movaps xmm2, xmm0
    ldmxcsr [rsp - 32]
    jmp unmasked
unmasked:
    call divide
    hlt
    .org 0x1000
divide:
    nop
fault:
    divss xmm2, xmm1
    ret
