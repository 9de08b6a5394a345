# Privilege levels 1 and 2 are the supervisor for paging: they reach its pages, CR0.WP, SMEP and SMAP apply, and their
# faults are not the user's (Intel SDM Vol. 3, 4.6).

.include "x86/prot32/paging/paging.inc"
given rbx, window

# at_level LEVEL, INSTRUCTION
.macro at_level level, instruction
    prepare_attempt .Lresume\@
    leave_for 0x38+\level, 0x40+\level, .Lprogram\@-user_alias
.Lprogram\@:
    \instruction
    int3
.Lresume\@:
.endm

    watch_page_faults 32bit
    .irp level, 1, 2
    mov dword ptr [global_descriptors + 0x38], 0xffff
    mov dword ptr [global_descriptors + 0x3c], 0x00cf9b00|\level<<13
    mov dword ptr [global_descriptors + 0x40], 0xffff
    mov dword ptr [global_descriptors + 0x44], 0x00cf9300|\level<<13
    mov byte ptr [window_pte], present|writable
    mov byte ptr [window_pte + 4], present
    flush_translations
    at_level \level, "mov [ebx], ecx"
    expect_attempt -1
    at_level \level, "mov [ebx + 0x1000], ecx"
    expect_attempt for_protection|by_write, window+0x1000
    turn_on cr4, smap_enable
    at_level \level, "mov ecx, [ebx + 0x2000]"
    expect_attempt for_protection, window+0x2000
    turn_off cr4, smap_enable
    at_level \level, "mov ecx, [ebx + 0x2000]"
    expect_attempt -1
    .endr
    finish
