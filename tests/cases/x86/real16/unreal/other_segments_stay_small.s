# Only the segment that was loaded in protected mode is big; the others still end at FFFF (Intel SDM Vol. 3, 20.1.1).

.include "x86/real16/unreal/unreal.inc"

expect rax, 0x60000010
given rbx, 0x10000
given rbp, 0x10000
expect fs, kernel_data
expect rdx, 0xf4
expect_log 13, 13, 13, 12

    load_in_protected_mode fs, kernel_data
    log_faults 12, 13
    try mov dl, [ebx]
    try mov dl, es:[ebx]
    try mov dl, gs:[ebx]
    try mov dl, [ebp]
    mov byte ptr fs:[ebx], 0xf4
    mov dl, fs:[ebx]
    hlt
