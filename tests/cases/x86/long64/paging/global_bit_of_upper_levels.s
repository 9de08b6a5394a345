# Bit 8 of an entry that maps no page: Intel ignores it (SDM Vol. 3, tables 4-15 to 4-18); AMD reserves it in the
# entries of the two highest levels and ignores it in page-directory entries (APM Vol. 2, figures 5-20 to 5-24).

.include "x86/long64/paging/paging.inc"
given rbp, window
expect rax, 2                                   # As many levels as behaved as the maker says.
expect rsi, 0
expect rdi, 0
undefined CF|OF|SF|ZF|AF|PF

    watch_page_faults
    mov dword ptr [window_pde], window_pte + global_page + everyone
    flush_translations
    allowed "mov rsi, [rbp]"
    mov eax, 0
    cpuid
    mov rsi, -1
    mov edi, for_protection | for_reserved_bit
    cmp ecx, 0x444d4163                         # "cAMD", the end of AMD's name.
    cmove rsi, rdi
    mov eax, 0
    .irp entry, window_pml4e, window_pdpte
    or dword ptr [\entry], global_page
    flush_translations
    attempt "mov rdi, [rbp]"
    cmp [fault_log + 32], rsi
    sete dil
    movzx edi, dil
    add eax, edi
    and dword ptr [\entry], ~global_page
    .endr
    .irp register, rbx, rcx, rdx, rsi, rdi
    mov \register, 0
    .endr
    finish
