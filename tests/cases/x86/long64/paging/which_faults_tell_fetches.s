# The error code tells an instruction fetch while EFER.NXE or CR4.SMEP is set, and never else (Intel SDM Vol. 3, 4.7).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_pte], 0
    flush_translations
    refused by_fetch, window, "jmp rbx"
    turn_on cr4, smep_enable
    refused by_fetch, window, "jmp rbx"
    change_efer 0, no_execute_enable
    refused by_fetch, window, "jmp rbx"
    user_refused by_user|by_fetch, window, "jmp rbx"
    turn_off cr4, smep_enable
    refused 0, window, "jmp rbx"
    user_refused by_user, window, "jmp rbx"
    mov byte ptr [window_pte], present|writable
    flush_translations
    user_refused for_protection|by_user, window, "jmp rbx"
    change_efer no_execute_enable
    user_refused for_protection|by_user|by_fetch, window, "jmp rbx"
    finish
