# A handler's stack in a page of the user's cannot be pushed to while CR4.SMAP is set, also if it was before: the
# supervisor's write faults (Intel SDM Vol. 3, 4.6.1 and 6.12.1).

.include "x86/long64/paging/paging.inc"

    watch_page_faults
    mov dword ptr [task_state_segment + 4], 0x3000      # RSP0 is the end of page 2 of the window.
    mov dword ptr [task_state_segment + 8], window >> 32
    .rept 2
    user_allowed "int3"
    turn_on cr4, smap_enable
    user_refused for_protection|by_write, window+0x2ff8, "1: int3"
    restarts user_alias+1b, user_alias+0x1e0000
    turn_off cr4, smap_enable
    .endr
    turn_on cr4, smap_enable
    mov byte ptr [window_pte + 16], present|writable
    flush_translations
    user_allowed "int3"
    finish
