# EFER.LME cannot change while paging is on, nor does it alone activate long mode (Intel SDM Vol. 3, 9.8.5). CR4.PCIDE needs
# long mode: #GP(0) (Vol. 2B, MOV—Move to/from Control Registers).

.include "x86/prot32/privileged/attempts.inc"

given cr4, 0x40610                              # PSE, not PAE
expect cr0, 0x80010033
expect cr3, 0x20000
expect efer, 1

    catch_exceptions
    mov ecx, 0xc0000080
    xor edx, edx
    mov eax, 0x101
    attempt no_exception, wrmsr
    rdmsr
    must_equal eax, 0x101
    mov eax, 1
    attempt no_exception, wrmsr
    mov dword ptr [0x20000], 0x83               # 4 MiB onto itself
    mov eax, 0x20000
    mov cr3, eax
    mov eax, cr0
    bts eax, 31
    attempt no_exception, mov cr0, eax
    mov eax, 0x101
    attempt protection, wrmsr
    rdmsr
    must_equal eax, 1
    mov eax, cr4
    bts eax, 17
    attempt protection, mov cr4, eax
    finish
