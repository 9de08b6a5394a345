# Loading a segment register in real mode changes selector and base and not the limit, so a big segment stays big
# (Intel SDM Vol. 3, 3.4.3; common practice of firmware and boot loaders, and what Bochs does).

.include "x86/real16/unreal/unreal.inc"

expect rax, 0x60000010
given rbx, 0xe0000
expect ds, 0x2000
expect ds_base, 0x20000
expect ds_limit, 0xffffffff
expect_memory 0x100000, 4, 0x12345678

    load_in_protected_mode ds, kernel_data
    mov cx, 0x2000
    mov ds, cx
    mov dword ptr [ebx], 0x12345678
    hlt

expect rcx, 0x2000
