# The base of a descriptor is used in real mode until the segment register is loaded; the selector has nothing to do
# with it (Intel SDM Vol. 3, 3.4.3).

.include "x86/real16/unreal/unreal.inc"

expect rax, 0x60000010
expect gs, 0x58
expect gs_base, 0x123450
expect_memory 0x123450, 2, 0x1234
expect rcx, 0x1234

    descriptor 0x58, 0x3450ffff, 0x00009312
    load_in_protected_mode gs, 0x58
    mov word ptr gs:[0], 0x1234
    mov cx, gs:[0]
    hlt
