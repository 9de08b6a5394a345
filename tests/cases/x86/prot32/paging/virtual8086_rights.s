# A virtual-8086 program is the user for paging: pages of the supervisor and read-only ones are closed to it, and the
# error code names the user (Intel SDM Vol. 3, 4.6 and 20.1.1).

.include "x86/prot32/paging/paging.inc"
expect rcx, 0x5a5a

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
    mov word ptr [0x30000], 0x5a5a
    mov byte ptr [page_directory32], everyone
    mov byte ptr [low_table + 0x31 * 4], present|writable
    mov byte ptr [low_table + 0x32 * 4], present|user
    mov byte ptr [low_table + 0x33 * 4], 0
    flush_translations
    try_virtual8086 "push 0x3000; pop ds; mov cx, [0]; mov [2], cx"
    expect_attempt -1
    try_virtual8086 "push 0x3100; pop ds; mov cx, [0]"
    expect_attempt for_protection|by_user, 0x31000
    try_virtual8086 "push 0x3200; pop ds; mov [4], cx"
    expect_attempt for_protection|by_user|by_write, 0x32004
    try_virtual8086 "push 0x3300; pop ds; mov cx, [0xfff]"
    expect_attempt by_user, 0x33fff
    try_virtual8086 "ljmp 0x3300, 0x10"
    expect_attempt by_user, 0x33010
    finish
