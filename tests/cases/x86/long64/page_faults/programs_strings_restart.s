# A program's string instructions that are repeated over pages, from the lower end of its half of the address space to the
# upper one and back, find RSI, RDI and RCX at the element that could not be accessed, and go on there once it can be
# (Intel SDM Vol. 2, REP).

.include "x86/long64/paging/paging.inc"
.set upper, 255 << 39
.set copy, 0x40000
.set notes, 0x30000
given rbp, window
given rbx, upper+copy

# found RSI, RDI, RCX: at the fault that came last.
.macro found source, destination, count
    mov [notes], rsi
    mov [notes + 8], rdi
    mov [notes + 16], rcx
    expect_memory notes, 16, \source, \destination
    expect_memory notes+16, 8, \count
    .set notes, notes + 32
.endm

    watch_page_faults
    mov qword ptr [page_map_level4 + 255 * 8], page_directory_pointers + everyone
    mov byte ptr [window_pte + 24], 0
    flush_translations
    mov dword ptr [window_page + 0x10], 0x11111111
    mov dword ptr [window_page + 0x2ffc], 0x22222222
    mov dword ptr [window_page + 0x3000], 0x33333333

    .irp round, 0, 1, 2, 3
    user_refused by_user, window+0x3000, "lea rsi, [rbp + 0x10]; lea rdi, [rbx]; mov ecx, 0x3ff0; rep movsb"
    .endr
    found window+0x3000, upper+copy+0x2ff0, 0x1000
    mov byte ptr [window_pte + 24], everyone
    user_allowed "rep movsb"
    found window+0x4000, upper+copy+0x3ff0, 0
    expect_memory copy, 4, 0x11111111
    expect_memory copy+0x2fec, 8, 0x3333333322222222

    mov byte ptr [window_pte + 24], present|user
    invlpg [rbp + 0x3000]
    .irp round, 0, 1, 2, 3
    user_refused for_protection|by_write|by_user, window+0x3000, "lea rsi, [rbx]; lea rdi, [rbp + 0x1008]; mov ecx, 0x7ff; rep movsq"
    .endr
    found upper+copy+0x1ff8, window+0x3000, 0x400
    mov rax, 0x5555555555555555
    user_refused for_protection|by_write|by_user, window+0x3000, "lea rdi, [rbp + 0x1010]; mov ecx, 0x5fe; rep stosq"
    found upper+copy+0x1ff8, window+0x3000, 0x200
    mov byte ptr [window_pte + 24], everyone
    user_allowed "rep stosq"
    found upper+copy+0x1ff8, window+0x4000, 0
    .irp register, rax, rsi, rdi
    mov \register, 0
    .endr
    finish
undefined CF|PF|AF|ZF|SF|OF
