# Every way to load a segment register in real mode takes any selector and makes its base 16 times that (Intel SDM
# Vol. 3, 20.1.1); a null selector is nothing special, and CS cannot be loaded with MOV.

.include "x86/real16/fault_log.inc"

expect es, 0xffff
expect ds, 0x1234
expect fs, 0x2001
expect gs, 0
expect ss, 0x1fff
expect rsp, 0x5678
expect rax, 0xabcd
expect rbx, 0x9abc
expect rdx, 0xf4
expect ds_base, 0x12340
expect fs_base, 0x20010
expect gs_base, 0
expect_log 6

    log_faults 6
    push 0xffff
    pop es
    push 0
    pop gs
    lfs ax, [pointers]
    mov dl, gs:[0x500]                  # A handler's HLT.
    lss sp, [pointers + 4]
    try .byte 0x8e, 0xc8                # mov cs, ax
    lds bx, [pointers + 8]
    hlt
pointers:
    .word 0xabcd, 0x2001, 0x5678, 0x1fff, 0x9abc, 0x1234
