# With 16-bit addresses a fault in a repeated string instruction finds SI, DI and CX where it stopped, and the upper
# halves untouched (Intel SDM Vol. 2, REP).

.include "x86/prot32/paging/paging.inc"
given rsi, 0x11112ff8
given rdi, 0x22226000
given rcx, 0x33330010
expect rsi, 0x11113000
expect rdi, 0x22226008
expect rcx, 0x3333000e
undefined CF|OF|SF|ZF|AF|PF

    watch_page_faults 32bit
    mov dword ptr [global_descriptors + 0x38], 0xffff           # Data at the window.
    mov dword ptr [global_descriptors + 0x3c], 0x00cff340
    mov byte ptr [window_pte + 12], 0
    mov dword ptr [window_pte + 24], window_page + everyone
    flush_translations
    user_refused by_user, window+0x3000, "push 0x3b; pop ds; push 0x3b; pop es; 1: .byte 0x67; rep movsd"
    restarts 1b+user_alias, user_alias+0x1e0000
    finish
