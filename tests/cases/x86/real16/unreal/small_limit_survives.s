# A limit below 64 KiB stays as well: real mode checks against what the segment register holds and not against FFFF,
# also after the register has been loaded anew (Intel SDM Vol. 3, 9.9.2, step 3, asks for limits of FFFF for that
# reason).

.include "x86/real16/unreal/unreal.inc"

expect rax, 0x60000010
expect es, 0x2000
expect rcx, 0x2000
expect rdx, 0x5a
expect_memory 0x20fff, 1, 0x5a
expect_log 13, 13

    descriptor 0x58, 0x00000fff, 0x00009303
    load_in_protected_mode es, 0x58
    log_faults 13
    try mov dl, es:[0x1000]
    mov cx, 0x2000
    mov es, cx
    try mov dx, es:[0xfff]
    mov byte ptr es:[0xfff], 0x5a
    mov dl, es:[0xfff]
    hlt
