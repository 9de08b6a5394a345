# IA32_TSC_AUX has 32 bits, which RDTSCP and RDPID give to every level. The others are reserved: writing them raises #GP(0) on
# Intel's processors, and is ignored on AMD's (Intel SDM Vol. 3, 17.17.2; AMD's manual contradicts itself, KVM tells of the
# hardware).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    mov ecx, 0xc0000103
    mov eax, 0x81234567
    mov edx, 0
    attempt no_exception, wrmsr
    mov edx, 1
    attempt_by_maker no_exception, protection, wrmsr
    mov edx, 0x80000000
    attempt_by_maker no_exception, protection, wrmsr
    rdmsr
    must_equal rax, 0x81234567
    must_equal rdx, 0
    .irp level, 0, 3
    enter_level \level
    mov rbx, -1
    attempt no_exception, rdpid rbx
    must_equal rbx, 0x81234567
    mov rcx, -1
    attempt no_exception, rdtscp
    must_equal rcx, 0x81234567
    leave_level
    .endr
    xor eax, eax
    xor edx, edx
    mov ecx, 0xc0000103
    wrmsr
    finish
