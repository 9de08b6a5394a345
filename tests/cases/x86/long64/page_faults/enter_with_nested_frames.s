# ENTER that cannot read the enclosing frames' pointers, cannot push them, or leaves RSP where nothing could be pushed
# changes neither RSP nor RBP (Intel SDM Vol. 2, ENTER).

.include "x86/long64/paging/paging.inc"
given rbx, window+0x1000

    watch_page_faults
    mov byte ptr [window_pte], 0
    flush_translations
    mov rbp, rbx
    refused 0, window+0xff8, "1: enter 16, 2"
    restarts 1b, 0x1f0000
    lea rbp, [rbx + 8]
    refused 0, window+0xff8, "1: enter 0, 3"
    restarts 1b, 0x1f0000
    mov byte ptr [window_pte], present|user
    flush_translations
    mov rbp, rbx
    refused for_protection|by_write, window+0xff8, "lea rsp, [rbx + 16]; 1: enter 0, 3"
    restarts 1b, window+0x1010
    refused for_protection|by_write, window, "lea rsp, [rbx + 16]; 1: enter 0x1008, 0"
    restarts 1b, window+0x1010
    mov [0x30000], rbp
    mov ebp, 0
    finish
expect_memory 0x30000, 8, window+0x1000
