# Bits of CR3 beyond the physical address raise #GP(0) in long mode; the low 12 are kept whether they mean something or
# not (Intel SDM Vol. 2B, MOV—Move to/from Control Registers; Vol. 3, 4.5). Bit 63 is one of them unless CR4.PCIDE is set:
# then it is accepted, but not kept.

.include "x86/long64/privileged/attempts.inc"

expect cr4, 0x60620

    catch_exceptions
    mov eax, 0x80000008
    cpuid
    movzx r8d, al                               # The width of physical addresses
    mov rbx, cr3
    mov ecx, r8d
next_bit:
    mov rax, rbx
    bts rax, rcx
    attempt protection, mov cr3, rax
    inc ecx
    cmp ecx, 64
    jb next_bit
    mov rax, cr3
    must_equal rax, page_map_level4
    or eax, 0xfff
    attempt no_exception, mov cr3, rax
    mov rcx, cr3
    must_equal rcx, (page_map_level4 + 0xfff)
    attempt no_exception, mov cr3, rbx
    mov rax, cr4
    bts rax, 17
    attempt no_exception, mov cr4, rax
    mov rax, rbx
    bts rax, 63
    attempt no_exception, mov cr3, rax
    mov rcx, cr3
    must_equal rcx, page_map_level4
    bts rax, 62
    attempt protection, mov cr3, rax
    finish
