# After many rounds, the program unmasks an exception of MXCSR before it calls: the system's division raises it.

.include "x86/long64/system_calls/repeated.inc"

    mov ebx, 0x20000
    mov dword ptr [rbx], 0x1f80
    mov ebp, 12
    enter_program
program:
    cmp ebp, 1
    jne 1f
    mov dword ptr [rbx], 0x1d80
1:  ldmxcsr [rbx]
    syscall
back:
    dec ebp
    jmp program
kernel:
    movaps xmm0, xmm2
division:
    divss xmm0, xmm1
    sysretq
given ymm2, 0x3f800000
expect ymm0, 0x3f800000
expect ymm2, 0x3f800000
faults simd_error, division
expect mxcsr, 0x1d84
expect rbx, 0x20000
expect rbp, 1
expect rcx, back
expect r11, ZF|PF|2                # Of CMP.
expect rflags, PF
expect_memory 0x20000, 4, 0x1d80
