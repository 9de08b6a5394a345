# Once PE is clear again the contents of segment registers are never checked: a data segment of any privilege level,
# absent or read-only in its descriptor, is 16 times its selector (Intel SDM Vol. 3, 20.1.1). In protected mode the
# same loads fault.

.include "x86/real16/unreal/unreal.inc"

expect rax, 0x60000010
expect rcx, 0x6ff8
expect es, absent_data
expect ss, 0x1b
expect rsp, 0x6ff8
expect_memory 0x71a6, 2, 0x6ff8
expect_memory 0x480, 2, 0x6ff8

    set_protection
    clear_protection
    mov cx, absent_data
    mov es, cx
    mov cx, 0x1b
    mov ss, cx
    mov sp, 0x6ff8
    mov cx, sp
    push cx
    mov es:[0x80], cx
    pop cx
    hlt
