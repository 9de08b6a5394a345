# With EFER.LME, setting CR0.PG raises #GP(0) without CR4.PAE, and with a 64-bit CS (L set); otherwise it activates long mode,
# and EFER.LMA tells (Intel SDM Vol. 3, 9.8.5; Vol. 2B, MOV—Move to/from Control Registers).

.include "x86/prot32/privileged/attempts.inc"

expect cr0, 0x80010033
expect cr3, page_map_level4
expect cr4, 0x40620
expect efer, 0x500

    catch_exceptions
    mov eax, page_map_level4
    mov cr3, eax
    mov ecx, 0xc0000080
    mov eax, 0x100
    xor edx, edx
    attempt no_exception, wrmsr
    mov eax, cr0
    mov ebx, eax
    bts ebx, 31
    mov eax, 0x40600
    mov cr4, eax
    attempt protection, mov cr0, ebx
    rdmsr
    must_equal eax, 0x100
    mov eax, 0x40620
    mov cr4, eax
    or byte ptr [0x600 + kernel_code32 + 6], 0x20       # L and D: 32-bit code as long as long mode is off
    jmp kernel_code32:.Lreloaded
.Lreloaded:
    attempt protection, mov cr0, ebx
    rdmsr
    must_equal eax, 0x100
    and byte ptr [0x600 + kernel_code32 + 6], ~0x20
    jmp kernel_code32:.Lagain
.Lagain:
    mov cr0, ebx
attempts_end:
    hlt
undefined CF|PF|AF|ZF|SF|OF
expect rax, 0x100
expect rbx, 0x80010033
expect rcx, 0xc0000080
