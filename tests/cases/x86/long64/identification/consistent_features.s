# What CPUID shows hangs together: an extension comes with what it rests on, AMD's leaf 80000001 repeats the bits of leaf 1,
# leaves 7, 0xD and 80000008 lie within the highest ones, addresses have 48 linear bits without CR4.LA57 (Intel SDM Vol. 2A,
# CPUID; Vol. 1, 14.3 and 14.7; AMD APM Vol. 3, appendix E).

.include "x86/long64/privileged/attempts.inc"

# Fails when bit A of REGISTER is set and bit B of OTHER is not.
.macro implies register, a, other, b
    bt \register, \a
    jnc .Lfine\@
    bt \other, \b
    jnc attempts_failed
.Lfine\@:
.endm

    catch_exceptions
    xor eax, eax
    cpuid
    cmp eax, 0xd
    jb attempts_failed
    mov eax, 0x80000000
    cpuid
    cmp eax, 0x80000008
    jb attempts_failed
    mov eax, 1
    cpuid
    mov r8d, ecx
    mov r9d, edx
    mov eax, 7
    xor ecx, ecx
    cpuid
    mov r10d, ebx
    mov r11d, ecx
    mov eax, 0x80000001
    cpuid
    implies r8d, 28, r8d, 26                    # AVX: XSAVE
    implies r8d, 12, r8d, 28                    # FMA: AVX
    implies r8d, 29, r8d, 28                    # F16C: AVX
    implies r10d, 5, r8d, 28                    # AVX2: AVX
    implies r8d, 28, r8d, 20                    # AVX: SSE4.2
    implies r8d, 20, r8d, 19                    # SSE4.2: SSE4.1
    implies r8d, 19, r8d, 9                     # SSE4.1: SSSE3
    implies r8d, 9, r8d, 0                      # SSSE3: SSE3
    implies r8d, 27, r8d, 26                    # OSXSAVE: XSAVE
    implies r10d, 10, r8d, 17                   # INVPCID: PCID
    implies r8d, 24, r9d, 4                     # TSC deadline: TSC
    .irp bit, 0, 3, 4, 5, 6, 8, 15, 23, 24, 25, 26
    bt r9d, \bit                                # What x86-64 always has
    jnc attempts_failed
    .endr
    bt edx, 29
    jnc attempts_failed
    cmp byte ptr [attempts_is_amd], 0
    je same
    xor r9d, edx
    and r9d, 0x0183f3ff
    must_equal r9d, 0
same:
    mov eax, 0x80000008
    cpuid
    must_equal ah, 48
    bt r11d, 16                                 # LA57
    jc attempts_failed
    finish
