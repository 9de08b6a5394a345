# XSETBV raises #GP(0) for XCR0 without x87, AVX without SSE, any component that CPUID leaf 0xD does not show (MPX, AVX-512,
# PKRU and AMX among them), another register than 0, and at every level but 0; without CR4.OSXSAVE it raises #UD (Intel SDM
# Vol. 2D, XSETBV). XCR0 keeps its value then.

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    xor ecx, ecx
    xor edx, edx
    .irp value, 1, 3, 7
    mov eax, \value
    attempt no_exception, xsetbv
    xgetbv
    must_equal rax, \value
    .endr
    .irp value, 0, 2, 4, 5, 6
    mov eax, \value
    attempt protection, xsetbv
    .endr
    xor r8d, r8d
next_component:
    mov eax, 7
    bts rax, r8
    cmp r8d, 3
    jb tried
    mov rdx, rax
    shr rdx, 32
    attempt protection, xsetbv
tried:
    inc r8d
    cmp r8d, 64
    jb next_component
    xor edx, edx
    mov eax, 0x1f                               # Both of MPX
    attempt protection, xsetbv
    mov eax, 0xe7                               # All of AVX-512
    attempt protection, xsetbv
    mov eax, 7
    .irp number, 1, 2, 0x80000000
    mov ecx, \number
    attempt protection, xsetbv
    .endr
    xor ecx, ecx
    .irp level, 1, 2, 3
    enter_level \level
    attempt protection, xsetbv
    leave_level
    .endr
    xgetbv
    must_equal rax, 7
    mov rbx, cr4
    btr rbx, 18
    mov cr4, rbx
    .irp level, 0, 3
    enter_level \level
    attempt illegal, xsetbv
    leave_level
    .endr
    bts rbx, 18
    mov cr4, rbx
    finish
