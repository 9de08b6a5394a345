# CR4.SMEP, once set, counts for code that has been running from the user's page: the very next instruction cannot be
# fetched (Intel SDM Vol. 3, 4.6.1 and 4.10.4.1).

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov dword ptr [window_page], 0x90e0220f     # MOV CR4, RAX and two NOPs
    mov word ptr [window_page + 4], 0xcc90
    mov rax, cr4
    allowed "jmp rbx"
    or eax, 1 << smep_enable
    refused for_protection|by_fetch, window+3, "jmp rbx"
    restarts window+3, 0x1f0000
    mov eax, 0
    finish
undefined CF|OF|SF|ZF|AF|PF
