# Bits 11:9 and 62:52 of every entry, and bit 6 of one that maps no page, are ignored, as is G of a page while CR4.PGE
# is clear (Intel SDM Vol. 3, tables 4-15 to 4-20; protection keys are off).

.include "x86/long64/paging/paging.inc"
given rbx, window
given rdi, 0x7ff0000000000e00
expect rcx, 0x5a5a

    watch_page_faults
    mov word ptr [window_page], 0x5a5a
    .irp entry, window_pml4e, window_pdpte, window_pde, window_pte
    or byte ptr [\entry], dirty
    or [\entry], rdi
    .endr
    or byte ptr [window_pte + 1], global_page >> 8
    flush_translations
    user_allowed "mov cx, [rbx]"
    user_allowed "mov [rbx], cx"
    finish
undefined CF|OF|SF|ZF|AF|PF
