# Virtual-8086 addresses go up to 10FFEF without a wrap, and paging decides what is there: the high area itself, or what
# is in low memory as on an 8086 (Intel SDM Vol. 3, 20.1.1 and 20.2.6).

.include "x86/prot32/paging/paging.inc"
expect rcx, 0x1111
expect rdx, 0x2222
expect_memory 0x10ffee, 2, 0x2222

# try_virtual8086 INSTRUCTION: with DS 0 and ES FFFF.
.macro try_virtual8086 instruction
    prepare_attempt .Lresume\@
    .irp selector, 0, 0, 0, 0xffff, 0x1000
    push \selector
    .endr
    push 0x8000
    push 0x20002
    push 0x1000
    push offset .Lprogram\@ - 0x10000
    iretd
    .code16
.Lprogram\@:
    \instruction
    int3
    .code32
.Lresume\@:
.endm

    watch_page_faults 32bit
    mov byte ptr [page_directory32], everyone
    mov word ptr [0x10ffe0], 0x1111
    mov word ptr [0xffe0], 0x2222
    flush_translations
    try_virtual8086 "mov cx, es:[0xfff0]"
    expect_attempt -1
    mov dword ptr [low_table + 0x10f * 4], 0xf000 + everyone
    flush_translations
    try_virtual8086 "mov dx, es:[0xfff0]"
    expect_attempt -1
    mov dword ptr [low_table + 0x10f * 4], 0x10f000 + everyone
    flush_translations
    try_virtual8086 "mov es:[0xfffe], dx"
    expect_attempt -1
    mov dword ptr [low_table + 0x100 * 4], 0
    flush_translations
    try_virtual8086 "mov cx, es:[0x0f]"
    expect_attempt by_user, 0x100000
    finish
