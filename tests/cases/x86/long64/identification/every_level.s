# CPUID works at every level and clears the upper halves of RAX, RBX, RCX and RDX; of RAX and RCX it reads the lower ones
# (Intel SDM Vol. 2A, CPUID).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    xor eax, eax
    cpuid
    mov r8, rax
    mov r9, rbx
    mov r10, rcx
    mov r11, rdx
    .irp level, 0, 1, 2, 3
    enter_level \level
    mov rax, 0xffffffff00000000
    mov rbx, -1
    mov rcx, 0xffffffff00000000
    mov rdx, -1
    attempt no_exception, cpuid
    xor rax, r8
    xor rbx, r9
    xor rcx, r10
    xor rdx, r11
    or rax, rbx
    or rax, rcx
    or rax, rdx
    must_equal rax, 0
    leave_level
    .endr
    attempt illegal, .byte 0xf0, 0x0f, 0xa2     # LOCK
    finish
