# Of CR4 only what CPUID shows can be set; every other bit raises #GP(0) and changes nothing (Intel SDM Vol. 3, 2.5; the
# features are those of CPUID leaves 1 and 7).

.include "x86/long64/privileged/attempts.inc"

.set always, 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10

# Adds CR4's bit to R8 when CPUID has put its own into REGISTER.
.macro bit_for register, feature, bit
    bt \register, \feature
    setc sil
    movzx esi, sil
    shl rsi, \bit
    or r8, rsi
.endm

    catch_exceptions
    mov r8d, always
    mov eax, 1
    cpuid
    bit_for ecx, 5, 13                          # VMXE
    bit_for ecx, 6, 14                          # SMXE
    bit_for ecx, 17, 17                         # PCIDE
    bit_for ecx, 26, 18                         # OSXSAVE
    mov eax, 7
    xor ecx, ecx
    cpuid
    bit_for ebx, 0, 16                          # FSGSBASE
    bit_for ebx, 7, 20                          # SMEP
    bit_for ebx, 20, 21                         # SMAP
    bit_for ecx, 2, 11                          # UMIP
    bit_for ecx, 3, 22                          # PKE
    bit_for ecx, 7, 23                          # CET
    bit_for edx, 20, 23
    bit_for ecx, 23, 19                         # KL
    bit_for ecx, 31, 24                         # PKS
    bit_for edx, 5, 25                          # UINTR

    and byte ptr [page_map_level4], ~4          # Pages of the supervisor, which SMEP and SMAP leave alone
    mov rax, cr3
    mov cr3, rax
    mov rbx, cr4
    xor ecx, ecx
next_bit:
    mov rax, rbx
    bts rax, rcx
    bt r8, rcx
    jnc not_there
    attempt no_exception, mov cr4, rax
    mov rdx, cr4
    cmp rdx, rax
    jne attempts_failed
    mov cr4, rbx
    jmp tried
not_there:
    attempt protection, mov cr4, rax
    mov rdx, cr4
    must_equal rdx, 0x40620
tried:
    inc ecx
    cmp ecx, 64
    jb next_bit

    btr rbx, 5                                  # PAE is what long mode rests on.
    attempt protection, mov cr4, rbx
    finish
