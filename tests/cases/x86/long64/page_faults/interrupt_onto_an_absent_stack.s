# An interrupt that cannot push its frame raises #PF at the interrupted instruction, as the supervisor's write, and
# leaves the program's state (Intel SDM Vol. 3, 6.15, interrupt 14). INT3 with the program's gate counts as that
# instruction.

.include "x86/long64/paging/paging.inc"
given rbx, window

    watch_page_faults
    mov byte ptr [window_pte], present|writable # Its end is what is written.
    mov byte ptr [window_pte + 8], 0
    flush_translations
    mov dword ptr [task_state_segment + 4], 0x2000 # RSP0 is the end of page 1 of the window.
    mov dword ptr [task_state_segment + 8], window >> 32
    user_refused by_write, window+0x1ff8, "mov esp, 0x12340; 1: int3"
    restarts user_alias+1b, 0x12340
    refused by_write, window+0x1ff8, "lea rsp, [rbx + 0x2000]; 1: int3"
    restarts 1b, window+0x2000
    mov byte ptr [window_pte + 8], present
    flush_translations
    user_refused for_protection|by_write, window+0x1ff8, "1: int3"
    finish
