# WRMSR to EFER: a bit that the processor has not raises #GP(0), and so does a change of LME while paging is on. LMA cannot
# be written: what is written there is ignored (Intel SDM Vol. 3, 2.2.1 and 4.1.4; Vol. 4, IA32_EFER).

.include "x86/long64/privileged/attempts.inc"

.set present_bits, 1 << 0 | 1 << 8 | 1 << 10 | 1 << 11

    catch_exceptions
    mov ecx, 0xc0000080
    xor r8d, r8d
next_bit:
    mov rax, 0xd01
    bts rax, r8
    mov rdx, rax
    shr rdx, 32
    mov r9d, present_bits
    bt r9, r8
    jc tried
    attempt protection, wrmsr
tried:
    inc r8d
    cmp r8d, 64
    jb next_bit
    xor edx, edx
    mov eax, 0xc01                              # No LME
    attempt protection, wrmsr
    mov eax, 0x901                              # No LMA
    attempt no_exception, wrmsr
    rdmsr
    must_equal rax, 0xd01
    mov eax, 0xd00                              # No SCE
    attempt no_exception, wrmsr
    rdmsr
    must_equal rax, 0xd00
    mov eax, 0x500                              # No NXE
    attempt no_exception, wrmsr
    rdmsr
    must_equal rax, 0x500
    mov eax, 0xd01
    attempt no_exception, wrmsr
    finish
