# IA32_SYSENTER_ESP and _EIP: Intel's hold linear addresses, and one that is not canonical raises #GP(0). AMD's, which
# SYSENTER does not use in long mode, hold 32 bits and ignore the others (Intel SDM Vol. 2B, SYSENTER; AMD APM Vol. 2, 6.1.2;
# that the upper bits are ignored and read as zero is what KVM reports of AMD's hardware).

.include "x86/long64/privileged/attempts.inc"

    catch_exceptions
    .irp number, 0x175, 0x176
    mov ecx, \number
    mov eax, 0x89abcdef
    mov edx, 0x00008000
    attempt_by_maker no_exception, protection, wrmsr
    mov edx, 0xffff8000
    attempt no_exception, wrmsr
    rdmsr
    must_equal rax, 0x89abcdef
    cmp byte ptr [attempts_is_amd], 0
    je .Lintel\number
    must_equal rdx, 0
    mov edx, 0xffff8000
.Lintel\number:
    must_equal rdx, 0xffff8000
    xor eax, eax
    xor edx, edx
    wrmsr
    .endr
    finish
